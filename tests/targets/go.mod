module targets

go 1.19
