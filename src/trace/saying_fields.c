/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources: Go's src/encoding/json (decode.go, encode.go; v2_decode.go since 1.27), src/encoding/xml/xml.go, src/time/format.go,
 * src/net/http/h2_bundle.go; github.com/jackc/pgx/v5/pgconn, github.com/lib/pq up to 1.10,
 * github.com/go-sql-driver/mysql, google.golang.org/grpc/internal/status.
 */
#include "trace/saying.h"

#define MYSQL_STATE_LEN 5

/* The type that a reflect.Type in the words from `word` on stands for, as Go prints it. */
static const struct rtype *type_of(struct saying *saying, uint32_t word)
{
	const struct value_source *src = saying->src;
	const struct rtype *itself = saying_type(saying, saying_top_word(saying, word));
	uint64_t at = saying_top_word(saying, word + 1);
	const struct rtype *type = NULL;

	if (itself && at && !strcmp(itself->name, "*reflect.rtype"))
		type = rtypes_find(src->types, at - src->bias);
	if (!type)
		saying->failed = true;
	return type;
}

static void add_type(struct saying *saying, uint32_t word)
{
	const struct rtype *type = type_of(saying, word);

	saying_words(saying, type ? type->text : "");
}

static void add_field(struct saying *saying, uint32_t i)
{
	struct value text = saying_field(saying, i);

	saying_text(saying, &text);
}

/* The same of one that is most of what is said. */
static void add_message(struct saying *saying, uint32_t i)
{
	struct value text = saying_field(saying, i);

	saying_message(saying, &text);
}

/* 1.27 does not take the last part of a path for a field when it is a number. */
static bool ends_in_number(const struct value *path)
{
	size_t at = path->nbytes;

	while (at && path->text[at - 1] >= '0' && path->text[at - 1] <= '9')
		at--;
	return at < path->nbytes && (!at || path->text[at - 1] == '.');
}

/* {Value, Type, Offset, Struct, Field}, and since 1.27 the cause. */
static void add_unmarshal(struct saying *saying, bool caused)
{
	struct value outer = saying_string(saying, ERROR_FIELD_1_TEXT);
	struct value inner = saying_string(saying, ERROR_FIELD_2_TEXT);

	saying_words(saying, "json: cannot unmarshal ");
	add_field(saying, 0);
	if (outer.kind != VALUE_TEXT || inner.kind != VALUE_TEXT || inner.truncated ||
	    (caused && saying_word(saying, ERROR_FIELD_2, 2))) {
		saying->failed = true;
	} else if (outer.nbytes || inner.nbytes) {
		saying_words(saying, caused && ends_in_number(&inner) ? " into "
								      : " into Go struct field ");
		saying_text(saying, &outer);
		saying_words(saying, ".");
		saying_text(saying, &inner);
		saying_words(saying, " of type ");
	} else {
		saying_words(saying, " into Go value of type ");
	}
	add_type(saying, 2);
}

/* What json.Unmarshal() cannot write to. */
static void add_unmarshal_arg(struct saying *saying)
{
	const struct rtype *type;

	saying_words(saying, "json: Unmarshal(");
	if (!saying_top_word(saying, 0)) {
		saying_words(saying, "nil)");
		return;
	}
	type = type_of(saying, 0);
	if (!type)
		return;
	saying_words(saying, type->kind == GOTYPE_POINTER ? "nil " : "non-pointer ");
	saying_words(saying, type->text);
	saying_words(saying, ")");
}

/* {Type, Err, sourceFunc} */
static void add_marshal(struct saying *saying)
{
	struct value by = saying_field(saying, 2);

	saying_words(saying, "json: error calling ");
	if (by.kind == VALUE_TEXT && !by.nbytes)
		saying_words(saying, "MarshalJSON");
	saying_text(saying, &by);
	saying_words(saying, " for type ");
	add_type(saying, 0);
	saying_words(saying, ": ");
	saying_cause(saying, saying_top_word(saying, 2), SAYING_TOP);
}

/* {Layout, Value, LayoutElem, ValueElem, Message} */
static void add_time(struct saying *saying)
{
	struct value layout = saying_field(saying, 0), value = saying_field(saying, 1);
	struct value layout_elem = saying_field(saying, 2);
	struct value value_elem = saying_string(saying, ERROR_FIELD_1_TEXT);
	struct value message = saying_string(saying, ERROR_FIELD_2_TEXT);

	saying_words(saying, "parsing time ");
	saying_quoted(saying, &value);
	if (message.kind != VALUE_TEXT || message.nbytes) {
		saying_text(saying, &message);
		return;
	}
	saying_words(saying, " as ");
	saying_quoted(saying, &layout);
	saying_words(saying, ": cannot parse ");
	saying_quoted(saying, &value_elem);
	saying_words(saying, " as ");
	saying_quoted(saying, &layout_elem);
}

/* {message, value} */
static void add_duration(struct saying *saying, const struct rtype *type)
{
	struct value value = saying_field(saying, 1);

	saying_words(saying, type->words);
	add_field(saying, 0);
	saying_words(saying, " ");
	saying_quoted(saying, &value);
}

/* {Severity, Code, Message, ...}, since pgx 5.6 {Severity, SeverityUnlocalized, Code, Message, ...} */
static void add_pg(struct saying *saying, bool unlocalized)
{
	struct value code = saying_field(saying, unlocalized ? 2 : 1);
	struct value message =
		unlocalized ? saying_string(saying, ERROR_FIELD_1_TEXT) : saying_field(saying, 2);

	add_field(saying, 0);
	saying_words(saying, ": ");
	saying_message(saying, &message);
	saying_words(saying, " (SQLSTATE ");
	saying_text(saying, &code);
	saying_words(saying, ")");
}

/* {Number uint16, SQLState [5]byte, Message string}, before 1.7 without the state. */
static void add_mysql(struct saying *saying, bool state)
{
	uint64_t word = saying_top_word(saying, 0);
	char bytes[MYSQL_STATE_LEN + 1] = "";
	bool any = false;

	saying_words(saying, "Error ");
	saying_number(saying, (int64_t)(word & 0xffff));
	for (size_t i = 0; state && i < MYSQL_STATE_LEN; i++) {
		bytes[i] = (char)(word >> (16 + 8 * i));
		any |= bytes[i] != '\0';
	}
	if (any) {
		if (strlen(bytes) != MYSQL_STATE_LEN)
			saying->failed = true;
		saying_words(saying, " (");
		saying_words(saying, bytes);
		saying_words(saying, ")");
	}
	saying_words(saying, ": ");
	add_message(saying, state ? 2 : 1);
}

static void add_status(struct saying *saying, const struct rtype *type)
{
	bool old = type->status == RTYPE_STATUS_OLD;
	struct value text =
		saying_string(saying, old ? ERROR_STATUS_OLD_TEXT : ERROR_STATUS_NEW_TEXT);

	if (type->status == RTYPE_STATUS_UNKNOWN)
		saying->failed = true;
	saying_words(saying, "rpc error: code = ");
	saying_grpc_code(saying, saying_word(saying, ERROR_STATUS, old ? 5 : 1) & UINT32_MAX);
	saying_words(saying, " desc = ");
	saying_message(saying, &text);
}

/* {Value reflect.Value, Str} */
static void add_unsupported(struct saying *saying, const struct rtype *type)
{
	saying_words(saying, type->words);
	add_message(saying, 1);
}

/* {Msg, Line} */
static void add_xml(struct saying *saying, const struct rtype *type)
{
	saying_words(saying, type->words);
	saying_number(saying, (int64_t)saying_top_word(saying, 2));
	saying_words(saying, ": ");
	add_message(saying, 0);
}

/* {StreamID, Code, Cause} */
static void add_stream(struct saying *saying)
{
	uint64_t word = saying_top_word(saying, 0), cause = saying_top_word(saying, 1);

	saying_words(saying, "stream error: stream ID ");
	saying_number(saying, (int64_t)(word & UINT32_MAX));
	saying_words(saying, "; ");
	saying_http2_code(saying, word >> 32);
	if (!cause)
		return;
	saying_words(saying, "; ");
	saying_cause(saying, cause, SAYING_TOP);
}

/* {LastStreamID, ErrCode, DebugData} */
static void add_go_away(struct saying *saying)
{
	uint64_t word = saying_top_word(saying, 0);
	struct value debug = saying_field(saying, 2);

	saying_words(saying, "http2: server sent GOAWAY and closed the connection; LastStreamID=");
	saying_number(saying, (int64_t)(word & UINT32_MAX));
	saying_words(saying, ", ErrCode=");
	saying_http2_code(saying, word >> 32);
	saying_words(saying, ", debug=");
	saying_quoted(saying, &debug);
}

bool saying_fields(struct saying *saying, const struct rtype *type)
{
	if (type->says < SAYS_UNMARSHAL || type->says > SAYS_LAST_OF_FIELDS)
		return false;
	if (!saying_find_target(saying))
		saying->failed = true;
	switch (type->says) {
	case SAYS_UNMARSHAL:
	case SAYS_UNMARSHAL_27:
		add_unmarshal(saying, type->says == SAYS_UNMARSHAL_27);
		break;
	case SAYS_UNMARSHAL_ARG:
		add_unmarshal_arg(saying);
		break;
	case SAYS_MARSHAL:
		add_marshal(saying);
		break;
	case SAYS_TYPE:
		saying_words(saying, type->words);
		add_type(saying, 0);
		break;
	case SAYS_UNSUPPORTED:
		add_unsupported(saying, type);
		break;
	case SAYS_XML:
		add_xml(saying, type);
		break;
	case SAYS_TIME:
		add_time(saying);
		break;
	case SAYS_DURATION:
		add_duration(saying, type);
		break;
	case SAYS_PG:
	case SAYS_PG_UNLOCALIZED:
		add_pg(saying, type->says == SAYS_PG_UNLOCALIZED);
		break;
	case SAYS_PQ:
		saying_words(saying, type->words);
		add_message(saying, 2);
		break;
	case SAYS_MYSQL:
	case SAYS_MYSQL_STATE:
		add_mysql(saying, type->says == SAYS_MYSQL_STATE);
		break;
	case SAYS_STATUS:
		add_status(saying, type);
		break;
	case SAYS_STREAM:
		add_stream(saying);
		break;
	default:
		add_go_away(saying);
	}
	return true;
}
