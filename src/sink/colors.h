/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * colors: what makes a terminal show text otherwise. Of the palette that every terminal has, on the background that it has, so
 * that they can be read on a light one and on a dark one.
 */
#ifndef FTRACE_SINK_COLORS_H
#define FTRACE_SINK_COLORS_H

#define RED   "\033[31m"
#define DIM   "\033[2m"
#define PLAIN "\033[0m"

#endif
