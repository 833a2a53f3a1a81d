# SPDX-License-Identifier: GPL-2.0-only
#
# Completion of ftrace's command line for bash. Needs nothing but bash: no package of completions.
#
# Names of functions come from the executable on the command line, by `ftrace list`, which reads the
# file only and needs no root. Where there are too many, packages are offered first.

# As many candidates as are of use to a person.
_FTRACE_MOST=200

# Made from the table of options, up to the end that is marked: make completions
_FTRACE_COMMANDS='record report diff list repair'

_FTRACE_FLAGS='-x --exclude-vendor --errors -a --args --no-args -R --results --no-results
	--fault --no-fault --summary --summary=only --histogram -w --waits --syscalls
	--syscalls=all --syscalls=openat,read --syscalls=%file --syscalls=%network
	--syscalls=%desc --syscalls=%process --syscalls=%memory --syscalls=%signal --signals
	--signals=all --signals=SIGTERM --signals=SIGCHLD --signals=SIGSEGV --goroutines --tui
	--otlp --otlp=http://localhost:4318 --pprof-labels --no-timestamp --fold -f --follow
	--stream --no-emulate --many -q --quiet -v --verbose -d --debug -V --version -h --help'

_FTRACE_VALUED='-u --uprobe -r --regexp -N --notrace --follow-calls --goid --filter -D
	--drilldown --sample --depth --min-duration --max-calls --from --to --values --max-string
	--max-elems --max-depth --max-items --max-bytes --debug-file --names -s --stack
	--interval --sort --threshold --fail-above --min-wait -e --event -o --output --format
	--max-size --otlp-queue -P --trim-prefix --timestamp --color --hold --flight --when
	--flight-size -p --pid --cgroup --exec --package --test --build-output --build-flags
	--user --duration --buffer --max-overhead'

# _ftrace_value OPTION: offers values for it.
_ftrace_value()
{
	case $1 in
	-u | --uprobe) _ftrace_functions '' ;;
	-N | --notrace) _ftrace_functions '' ;;
	--follow-calls) _ftrace_from 1 2 3 4 5 ;;
	--filter) _ftrace_functions ': ' ;;
	-D | --drilldown) _ftrace_functions '' ;;
	--depth) _ftrace_from 1 2 3 4 5 ;;
	--min-duration) _ftrace_from 1us 100us 1ms 10ms 100ms 1s 10s 1m ;;
	--from) _ftrace_from +1s +10s +1m 12:00:00 ;;
	--to) _ftrace_from +1s +10s +1m 12:00:00 ;;
	--values) _ftrace_from brief full ;;
	--debug-file) _ftrace_files all ;;
	--names) _ftrace_from short full ;;
	--summary) _ftrace_from only ;;
	--interval) _ftrace_from 1s 2s 5s 10s 1m ;;
	--sort) _ftrace_from total calls self avg min p50 p90 p99 max errors name ;;
	--threshold) _ftrace_from 1 5 10 50 ;;
	--fail-above) _ftrace_from 5 10 20 50 ;;
	--min-wait) _ftrace_from 1us 100us 1ms 10ms 100ms 1s 10s 1m ;;
	--syscalls) _ftrace_from all openat,read %file %network %desc %process %memory %signal ;;
	--signals) _ftrace_from all SIGTERM SIGCHLD SIGSEGV ;;
	-o | --output) _ftrace_files all ;;
	--format) _ftrace_from text jsonl ftrace perfetto chrome speedscope pprof folded html otlp ;;
	--max-size) _ftrace_from 1M 16M 64M 256M 1G ;;
	--otlp) _ftrace_from http://localhost:4318 ;;
	--otlp-queue) _ftrace_from 16M 64M 256M ;;
	--timestamp) _ftrace_from time date relative unix ;;
	--color) _ftrace_from auto always never ;;
	--hold) _ftrace_from 0 100ms 1s 10s never ;;
	--flight) _ftrace_from 1s 2s 5s 10s 1m ;;
	--when) _ftrace_functions ': ' ;;
	--flight-size) _ftrace_from 16M 64M 256M 1G ;;
	-p | --pid) _ftrace_pids ;;
	--exec) _ftrace_files run ;;
	--package) _ftrace_files directory ;;
	--test) _ftrace_files directory ;;
	--build-output) _ftrace_files all ;;
	--user) _ftrace_users ;;
	--duration) _ftrace_from 1us 100us 1ms 10ms 100ms 1s 10s 1m ;;
	--buffer) _ftrace_from 8M 16M 64M 256M 1G ;;
	esac
}
# The end.

# _ftrace_plain WORD: what the shell makes of a word that may not be written to its end, in $plain: quotes and
# backslashes are gone. Nothing is expanded.
_ftrace_plain()
{
	local i c quote=''

	plain=''
	for ((i = 0; i < ${#1}; i++)); do
		c=${1:i:1}
		case $quote$c in
		\"\\ | \\)
			i=$((i + 1))
			plain+=${1:i:1}
			;;
		\'\' | \"\") quote='' ;;
		\' | \") quote=$c ;;
		*) plain+=$c ;;
		esac
	done
}

# _ftrace_words: what _ftrace has to know of the words before the cursor: the binary, the PID, and
# whether the program's own arguments are being written.
_ftrace_words()
{
	local i word

	binary='' pid='' list='' rest=''
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--)
			rest=yes
			return
			;;
		-p | --pid | --exec | --package | --test)
			[ "${COMP_WORDS[i + 1]}" != = ] || i=$((i + 1))
			i=$((i + 1))
			[ "$i" -lt "$COMP_CWORD" ] || return
			case $word in
			-p | --pid) pid=${COMP_WORDS[i]%%,*} ;;
			--exec) binary=${COMP_WORDS[i]} ;;
			*) pid=built ;;
			esac
			;;
		=)
			i=$((i + 1))
			;;
		-*)
			# A value in a word of its own is not the binary.
			if [[ " ${_FTRACE_VALUED//[[:space:]]/ } " == *" $word "* ]] &&
				[ "${COMP_WORDS[i + 1]}" != = ]; then
				i=$((i + 1))
			fi
			;;
		*)
			if [[ -z $binary$pid$list && " $_FTRACE_COMMANDS " == *" $word "* ]]; then
				list=yes
			else
				binary=${binary:-$word}
			fi
			;;
		esac
	done
}

# _ftrace_later: the binary usually stands behind the option that is being written.
_ftrace_later()
{
	local i word

	[ -z "$binary$pid" ] || return 0
	for ((i = COMP_CWORD + 1; i < ${#COMP_WORDS[@]}; i++)); do
		word=${COMP_WORDS[i]}
		case ${COMP_WORDS[i - 1]} in
		-p | --pid) pid=${word%%,*} && return ;;
		--exec) binary=$word && return ;;
		esac
		[[ " ${_FTRACE_VALUED//[[:space:]]/ } " != *" ${COMP_WORDS[i - 1]} "* ]] || continue
		case $word in
		--) return ;;
		-*) ;;
		*) binary=$word && return ;;
		esac
	done
}

# _ftrace_names TEXT: the functions whose names, or ends of names, begin with it, one a line, or, where these are too
# many, their beginnings up to the next `.` or `/`.
_ftrace_names()
{
	local glob target plain

	_ftrace_plain "${binary/#\~/$HOME}"
	case $pid in
	built) return ;;
	'') target=("$plain") ;;
	*) target=(-p "$pid") ;;
	esac
	[ -n "${target[*]}" ] || return
	# shellcheck disable=SC2001 # a class of characters, one of them kept
	glob=$(sed 's/[][*?\\]/\\&/g' <<<"$1")
	"$ftrace" list --format=jsonl -u "$glob*" "${target[@]}" 2>/dev/null |
		sed -n 's/^{"type":"probe","func":"\([^"\\]*\)".*/\1/p' |
		typed=$1 awk -v most="$_FTRACE_MOST" '
			function written(name,    typed, at) {
				# What the linker escapes, as lists have it.
				typed = ENVIRON["typed"]
				gsub(/%2e/, ".", name)
				if (index(name, typed) == 1)
					return name
				# An end, as a glob takes it: from an element of the path on, versions left out.
				if (!index(name, "/" typed)) {
					gsub(/\/v([2-9]|[1-9][0-9]+)\//, "/", name)
					sub(/\/v([2-9]|[1-9][0-9]+)\./, ".", name)
				}
				at = index(name, "/" typed)
				return at ? substr(name, at + 1) : ""
			}
			(name = written($0)) != "" { names[++count] = name }
			END {
				typed = length(ENVIRON["typed"])
				for (i = 1; i <= count && shown < most; i++) {
					name = names[i]
					if (count > most && match(substr(name, typed + 1), /[.\/]/))
						name = substr(name, 1, typed + RSTART)
					if (!(name in seen))
						print name
					shown += !seen[name]++
				}
			}'
}

# _ftrace_functions SUFFIX: offers function names for the current word, quoted where it is not.
_ftrace_functions()
{
	local typed=$cur name quoted='' names

	case $cur in
	\'* | \"*)
		quoted=yes
		typed=${cur:1}
		;;
	*)
		typed=${cur//\\/}
		;;
	esac
	mapfile -t names < <(_ftrace_names "$typed")
	for name in "${names[@]}"; do
		# The name is the executable's: it must not end the quotes that it would stand in.
		[[ -z $quoted || $name != *[\'\"\`\$\!]* ]] || continue
		case $name in
		*[./]) compopt -o nospace 2>/dev/null ;;
		*) name=$name$1 ;;
		esac
		[ -n "$quoted" ] || name=$(printf '%q' "$name")
		COMPREPLY+=("$name")
	done
	[ -z "$1" ] || compopt -o nospace 2>/dev/null
}

# _ftrace_from WORD...: offers those that begin with the current word.
_ftrace_from()
{
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

# _ftrace_pids: processes that run a program, by PID or, behind a letter, by name; kernel threads have no command line.
_ftrace_pids()
{
	local dir before='' last=$cur line

	case $cur in
	*,*)
		before=${cur%,*},
		last=${cur##*,}
		;;
	esac
	if [[ $last == [!0-9]* ]]; then
		for dir in /proc/[0-9]*; do
			{ read -r -d '' line <"$dir/cmdline" && read -r line <"$dir/comm"; } 2>/dev/null || continue
			[[ $line != "$last"* ]] || COMPREPLY+=("$before$line")
		done
		return
	fi
	for dir in /proc/"$last"[0-9]* /proc/"$last"; do
		[[ ${dir#/proc/} =~ ^[0-9]+$ ]] || continue
		line=
		{ read -r -d '' line <"$dir/cmdline"; } 2>/dev/null
		[ -z "$line" ] || COMPREPLY+=("$before${dir#/proc/}")
	done
}

_ftrace_files()
{
	local name plain

	# Readline quotes what is offered as the word is, or as it has to be.
	compopt -o filenames 2>/dev/null
	_ftrace_plain "$cur"
	while IFS= read -r name; do
		[ "$1" = all ] || [ -d "${name/#\~/$HOME}" ] ||
			{ [ "$1" = run ] && [ -x "${name/#\~/$HOME}" ]; } || continue
		COMPREPLY+=("$name")
	done < <(compgen -f -- "$plain")
}

_ftrace_users()
{
	mapfile -t COMPREPLY < <(compgen -u -- "$cur")
}

_ftrace()
{
	local ftrace=$1 cur=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	local binary pid list rest command

	ftrace=${ftrace/#\~/$HOME}
	COMPREPLY=()
	_ftrace_words
	if [ -n "$rest" ]; then
		_ftrace_files all
		return
	fi
	# `--color=al` comes as three words.
	if [ "$cur" = = ]; then
		cur=
		_ftrace_later
		_ftrace_value "$previous"
		return
	elif [ "$previous" = = ]; then
		_ftrace_later
		_ftrace_value "${COMP_WORDS[COMP_CWORD - 2]}"
		return
	fi
	if [[ " ${_FTRACE_VALUED//[[:space:]]/ } " == *" $previous "* ]]; then
		_ftrace_later
		_ftrace_value "$previous"
	elif [[ $cur == --*=* ]]; then
		# As one word, where `=` is no break of words.
		local option=${cur%%=*}

		cur=${cur#*=}
		_ftrace_later
		_ftrace_value "$option"
		COMPREPLY=("${COMPREPLY[@]/#/$option=}")
	elif [[ $cur == -* ]]; then
		_ftrace_from "$_FTRACE_FLAGS" "$_FTRACE_VALUED" --
	elif [ -n "$binary$pid" ]; then
		[ -n "$list" ] || _ftrace_functions '('
	else
		_ftrace_files run
		for command in $_FTRACE_COMMANDS; do
			[[ -n $list || $command != "$cur"* ]] || COMPREPLY+=("$command")
		done
	fi
}

complete -F _ftrace ftrace
