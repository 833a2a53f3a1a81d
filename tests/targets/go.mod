module targets

go 1.19

require (
	github.com/go-sql-driver/mysql v0.0.0
	github.com/jackc/pgx/v5 v5.0.0
	github.com/lib/pq v0.0.0
	github.com/pkg/errors v0.0.0
	golang.org/x/net v0.0.0
	google.golang.org/grpc v0.0.0
)

require google.golang.org/genproto/googleapis/rpc v0.0.0 // indirect

replace (
	github.com/go-sql-driver/mysql => ./errors/modules/mysql
	github.com/jackc/pgx/v5 => ./errors/modules/pgx
	github.com/lib/pq => ./errors/modules/pq
	github.com/pkg/errors => ./errors/modules/pkgerrors
	golang.org/x/net => ./errors/modules/xnet
	google.golang.org/genproto/googleapis/rpc => ./errors/modules/rpc
	google.golang.org/grpc => ./errors/modules/grpc
)
