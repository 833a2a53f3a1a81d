# SPDX-License-Identifier: GPL-2.0-only
#
# Writes a large Go module: PACKAGES packages of TYPES types with a method each, the packages few and
# many of 500 and 5 000 functions with exactly one entry and one exit, and a package of MORE of them.
#
#     awk -v packages=9 -v types=4000 -v more=7000 -f big.awk      in the folder where the module is to be

function method(file, i)
{
	printf "type T%d struct {\n\tName string\n\tCount, Sum int\n\tNext *T%d\n\tTags []string\n" \
	       "\tIndex map[string]int\n}\n\n", i, i >file
	printf "func (t *T%d) Run(n int, s string) (int, error) {\n\tfor i := 0; i < n; i++ {\n" \
	       "\t\tt.Sum += i * t.Count\n\t\tif t.Next != nil && i&%d == 0 {\n" \
	       "\t\t\tt.Tags = append(t.Tags, s+t.Name)\n\t\t\tt.Index[s] = t.Sum\n\t\t}\n\t}\n" \
	       "\tv, err := strconv.Atoi(s)\n\tif err != nil {\n\t\treturn t.Sum, err\n\t}\n" \
	       "\treturn v + t.Sum, nil\n}\n\n", i, i % 7 + 1 >file
}

function package(name, count,    file, i)
{
	system("mkdir -p " name)
	file = name "/main.go"
	printf "package %s\n\nimport \"strconv\"\n\n", name >file
	for (i = 0; i < count; i++)
		method(file, i)
	print "var All = []interface{ Run(int, string) (int, error) }{" >file
	for (i = 0; i < count; i++)
		printf "\t&T%d{},\n", i >file
	print "}" >file
	close(file)
}

function functions(name, count,    file, i)
{
	system("mkdir -p " name)
	file = name "/main.go"
	printf "package %s\n\nvar sink int\n\n//go:noinline\nfunc add(n int) { sink += n }\n\n", name >file
	for (i = 0; i < count; i++)
		printf "//go:noinline\nfunc F%d(n int) int {\n\tadd(n)\n\treturn n + %d\n}\n\n", i, i >file
	print "var All = []func(int) int{" >file
	for (i = 0; i < count; i++)
		printf "\tF%d,\n", i >file
	print "}" >file
	close(file)
}

BEGIN {
	print "module big\n\ngo 1.21" >"go.mod"
	for (p = 0; p < packages; p++)
		package("p" p, types)
	functions("few", 500)
	functions("many", 5000)
	functions("more", more)
	file = "main.go"
	print "package main\n\nimport (\n\t\"bufio\"\n\t\"fmt\"\n\t\"os\"\n\n\t\"big/few\"\n\t\"big/many\"\n\t\"big/more\"" >file
	for (p = 0; p < packages; p++)
		printf "\t\"big/p%d\"\n", p >file
	print ")\n\ntype runner interface{ Run(int, string) (int, error) }\n" >file
	print "//go:noinline\nfunc first(name string, all ...[]runner) int {\n\tsum := len(name)" >file
	print "\tfor _, some := range all {\n\t\tsum += len(some)\n\t}\n\tfmt.Println(\"ready\", sum)\n\treturn sum\n}\n" >file
	print "// With an argument it waits until its standard input ends.\nfunc main() {\n\tall := [][]runner{}" >file
	for (p = 0; p < packages; p++) {
		print "\t{\n\t\tsome := []runner{}" >file
		printf "\t\tfor _, t := range p%d.All {\n\t\t\tsome = append(some, t)\n\t\t}\n", p >file
		print "\t\tall = append(all, some)\n\t}" >file
	}
	print "\tfirst(\"big\", all...)" >file
	print "\tif len(os.Args) > 1 {\n\t\tfor lines := bufio.NewScanner(os.Stdin); lines.Scan(); {\n\t\t}\n\t}" >file
	print "\tif n, err := all[0][0].Run(0, \"1\"); n != 1 || err != nil {\n\t\tos.Exit(1)\n\t}" >file
	print "\tif len(few.All) == len(many.All)+len(more.All) {\n\t\tos.Exit(1)\n\t}\n}" >file
	close(file)
}
