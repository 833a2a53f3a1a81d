module ftrace.example

go 1.19
