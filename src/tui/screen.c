/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE /* newlocale's relatives, sigaction */
#include "tui/screen.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "base/escape.h"
#include "base/width.h"
#include "tui/keys.h"

#define ESCAPE_MS     50 /* after which an Esc is not the beginning of another key's bytes */
#define COLORS_USED   8
#define CUT           "\u2026" /* three dots in one column */
#define FAILURES_MOST 8

struct screen {
	SCREEN *curses;
	bool color;
	char *locale;          /* what it was before */
	unsigned int failures; /* to read a key, one after the other */
	struct sigaction was[3];
};

static const int ending[3] = {SIGINT, SIGTERM, SIGHUP};
static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	(void)signal;
	ended = 1;
}

/* The text is UTF-8, as that of the text output is, whatever is said of the language. */
static void set_locale(struct screen *screen)
{
	const char *was = setlocale(LC_CTYPE, NULL);

	screen->locale = was ? strdup(was) : NULL;
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void catch_signals(struct screen *screen)
{
	struct sigaction action = {.sa_handler = on_signal};

	ended = 0;
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaction(ending[i], &action, &screen->was[i]);
}

static void set_colors(struct screen *screen, bool color)
{
	screen->color = color && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (short i = 1; screen->color && i < COLORS_USED; i++)
		init_pair(i, i, -1);
}

struct screen *screen_open(bool color, struct error *err)
{
	const char *term = getenv("TERM");
	struct screen *screen;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		error_set(err, -ENOTTY,
			  "--tui: %s is no terminal; leave it out, or choose another --format",
			  isatty(STDOUT_FILENO) ? "stdin" : "stdout");
		return NULL;
	}
	if (!term || !*term || !strcmp(term, "dumb")) {
		error_set(
			err, -ENOTTY,
			"--tui: TERM=%s: a terminal that cannot place text; set TERM to what it is",
			term ? term : "");
		return NULL;
	}
	screen = calloc(1, sizeof(*screen));
	if (!screen) {
		error_set(err, -ENOMEM, "--tui: out of memory; close something");
		return NULL;
	}
	set_locale(screen);
	set_escdelay(ESCAPE_MS);
	catch_signals(screen);
	screen->curses = newterm(NULL, stdout, stdin);
	if (!screen->curses || !tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		error_set(
			err, -ENOTTY,
			"--tui: TERM=%s: not known here; set TERM to one that is, xterm for instance",
			term);
		screen_close(screen);
		return NULL;
	}
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	curs_set(0);
	set_colors(screen, color);
	return screen;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	if (screen->curses) {
		endwin();
		delscreen(screen->curses);
	}
	for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaction(ending[i], &screen->was[i], NULL);
	if (screen->locale)
		setlocale(LC_CTYPE, screen->locale);
	free(screen->locale);
	free(screen);
}

unsigned int screen_height(const struct screen *screen)
{
	(void)screen;
	return LINES > 0 ? (unsigned int)LINES : 0;
}

unsigned int screen_width(const struct screen *screen)
{
	(void)screen;
	return COLS > 0 ? (unsigned int)COLS : 0;
}

/* Takes what `\033[31m` says; returns its length, 0 when it is none. */
static size_t take_sgr(const struct screen *screen, const char *text, size_t len, attr_t *attrs,
		       short *pair)
{
	size_t at = 2;
	unsigned int number = 0;

	if (len < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	for (; at < len && text[at] >= '0' && text[at] <= '9' && at < 5; at++)
		number = number * 10 + (unsigned int)(text[at] - '0');
	if (at == len || text[at] != 'm')
		return 0;
	switch (number) {
	case 0:
		*attrs = A_NORMAL;
		*pair = 0;
		break;
	case 2:
		*attrs |= A_DIM;
		break;
	case 4:
		*attrs |= A_UNDERLINE;
		break;
	default:
		if (screen->color && number > 30 && number < 30 + COLORS_USED)
			*pair = (short)(number - 30);
	}
	return at + 1;
}

static attr_t look_attrs(enum look look)
{
	switch (look) {
	case LOOK_HEAD:
		return A_BOLD;
	case LOOK_CURSOR:
		return A_REVERSE;
	case LOOK_DIM:
		return A_DIM;
	default:
		return A_NORMAL;
	}
}

/* As many bytes as go together: up to the next control character. */
static size_t plain_run(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && (unsigned char)text[at] >= 0x20 && text[at] != 0x7f)
		at++;
	return at;
}

/* Puts `len` bytes without control characters, as far as there is room; returns how much is left of it. */
static unsigned int put_run(const char *text, size_t len, unsigned int room)
{
	size_t fit = text_head_within(text, len, room);

	if (fit == len) {
		addnstr(text, (int)len);
		return room - text_width(text, len);
	}
	fit = text_head_within(text, len, room - 1);
	addnstr(text, (int)fit);
	for (room -= text_width(text, fit); room > 1; room--)
		addch(' ');
	addstr(CUT);
	return 0;
}

void screen_put(struct screen *screen, unsigned int y, const char *text, size_t len, enum look look)
{
	attr_t base = look_attrs(look), attrs = A_NORMAL;
	unsigned int room = screen_width(screen);
	short pair = 0;

	if (y >= screen_height(screen))
		return;
	move((int)y, 0);
	while (len && room) {
		size_t run = plain_run(text, len);

		attr_set(base | attrs, pair, NULL);
		if (run) {
			room = put_run(text, run, room);
		} else {
			run = take_sgr(screen, text, len, &attrs, &pair);
			/* Nobody escaped it: it is not let through either. */
			if (!run)
				room = put_run("?", run = 1, room);
		}
		text += run;
		len -= run;
	}
	attr_set(base, 0, NULL);
	for (; room; room--)
		addch(' ');
	attr_set(A_NORMAL, 0, NULL);
}

void screen_clear(struct screen *screen, unsigned int y, unsigned int end)
{
	(void)screen;
	for (; y < end; y++) {
		move((int)y, 0);
		clrtoeol();
	}
}

void screen_show(struct screen *screen, bool anew)
{
	(void)screen;
	if (anew)
		clearok(curscr, TRUE);
	refresh();
}

static int key_of(wint_t code)
{
	static const struct {
		int code, key;
	} keys[] = {
		{KEY_UP, KEY_IS_UP},         {KEY_DOWN, KEY_IS_DOWN},
		{KEY_LEFT, KEY_IS_LEFT},     {KEY_RIGHT, KEY_IS_RIGHT},
		{KEY_PPAGE, KEY_IS_PAGE_UP}, {KEY_NPAGE, KEY_IS_PAGE_DOWN},
		{KEY_HOME, KEY_IS_HOME},     {KEY_END, KEY_IS_END},
		{KEY_ENTER, KEY_IS_ENTER},   {KEY_BACKSPACE, KEY_IS_ERASE},
		{KEY_DC, KEY_IS_ERASE},      {KEY_RESIZE, KEY_IS_RESIZED},
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((wint_t)keys[i].code == code)
			return keys[i].key;
	return KEY_IS_NONE;
}

int screen_key(struct screen *screen, int ms)
{
	wint_t code = 0;
	int got;

	if (ended)
		return KEY_IS_OVER;
	timeout(ms);
	got = get_wch(&code);
	if (ended)
		return KEY_IS_OVER;
	if (got == ERR) {
		/* Nothing comes, again and again, though it waits for ever: the terminal has gone. */
		screen->failures += ms < 0;
		return screen->failures > FAILURES_MOST ? KEY_IS_OVER : KEY_IS_NONE;
	}
	screen->failures = 0;
	if (got == KEY_CODE_YES)
		return key_of(code);
	switch (code) {
	case '\r':
	case '\n':
		return KEY_IS_ENTER;
	case 0x1b:
		return KEY_IS_ESCAPE;
	case 0x7f:
	case 0x08:
		return KEY_IS_ERASE;
	case '\t':
		return KEY_IS_TAB;
	default:
		return (int)code;
	}
}
