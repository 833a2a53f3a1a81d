module example.com/coros

go 1.23
