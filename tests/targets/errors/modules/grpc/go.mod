module google.golang.org/grpc

go 1.19

require google.golang.org/genproto/googleapis/rpc v0.0.0
