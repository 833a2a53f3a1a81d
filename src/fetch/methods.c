/* SPDX-License-Identifier: GPL-2.0-only */
#include "fetch/methods.h"

#include <string.h>

static const char *const errors[ERROR_METHODS] = {
	[ERROR_METHOD_PATH] = "io/fs.(*PathError).Error",
	[ERROR_METHOD_URL] = "net/url.(*Error).Error",
	[ERROR_METHOD_NUM] = "strconv.(*NumError).Error",
	[ERROR_METHOD_LINK] = "os.(*LinkError).Error",
	[ERROR_METHOD_EXEC] = "os/exec.(*Error).Error",
	[ERROR_METHOD_EXIT] = "os/exec.(*ExitError).Error",
	[ERROR_METHOD_JOIN] = "errors.(*joinError).Error",
	[ERROR_METHOD_SYSCALL] = "os.(*SyscallError).Error",
	[ERROR_METHOD_OP] = "net.(*OpError).Error",
	[ERROR_METHOD_DNS] = "net.(*DNSError).Error",
	[ERROR_METHOD_ADDR] = "net.(*AddrError).Error",
	[ERROR_METHOD_STACK] = "github.com/pkg/errors.(*withStack).Error",
	[ERROR_METHOD_PERMANENT] = "crypto/tls.(*permanentError).Error",
	[ERROR_METHOD_READING] = "net/http.(*transportReadFromServerError).Error",
	[ERROR_METHOD_MESSAGE] = "github.com/pkg/errors.(*withMessage).Error",
	[ERROR_METHOD_VERIFY] = "crypto/tls.(*CertificateVerificationError).Error",
	[ERROR_METHOD_STATUS] = "google.golang.org/grpc/internal/status.(*Error).Error",
	[ERROR_METHOD_UNMARSHAL] = "encoding/json.(*UnmarshalTypeError).Error",
	[ERROR_METHOD_MARSHAL] = "encoding/json.(*MarshalerError).Error",
	[ERROR_METHOD_TIME] = "time.(*ParseError).Error",
	[ERROR_METHOD_PG] = "github.com/jackc/pgx/v5/pgconn.(*PgError).Error",
	[ERROR_METHOD_STREAM] = "net/http.(*http2StreamError).Error",
	[ERROR_METHOD_STREAM_27] = "net/http/internal/http2.(*StreamError).Error",
	[ERROR_METHOD_STREAM_X] = "golang.org/x/net/http2.(*StreamError).Error",
};

static const char *const held[HELD_METHODS] = {
	[HELD_TIMER_CTX] = "context.(*timerCtx).Deadline",
	[HELD_TLS_CONN] = "crypto/tls.(*Conn).Close",
	[HELD_TCP_CONN] = "net.(*TCPConn).Close",
	[HELD_UDP_CONN] = "net.(*UDPConn).Close",
	[HELD_UNIX_CONN] = "net.(*UnixConn).Close",
	[HELD_IP_CONN] = "net.(*IPConn).Close",
	[HELD_TCP_LISTENER] = "net.(*TCPListener).Accept",
	[HELD_UNIX_LISTENER] = "net.(*UnixListener).Accept",
};

static void find_in(const char *const *names, size_t count, const struct image_func *func,
		    uint64_t *at)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(func->name, names[i]))
			at[i] = func->entry;
}

void methods_find(struct methods *methods, const struct image *img)
{
	size_t count = image_func_count(img);

	*methods = (struct methods){.dns_word = image_info(img)->go_minor >= 23 ? 2 : 0};
	for (size_t i = 0; i < count; i++) {
		struct image_func func;

		if (image_func(img, i, false, &func) || !strstr(func.name, ".(*"))
			continue;
		find_in(errors, ERROR_METHODS, &func, methods->error);
		find_in(held, HELD_METHODS, &func, methods->held);
	}
}
