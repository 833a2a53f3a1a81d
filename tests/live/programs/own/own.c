/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * own: a program that writes a breakpoint into its own code, and deals with it: says "ready", hits it once for each
 * line of its input, and says how often its handler was called.
 */
#define _GNU_SOURCE /* REG_RIP */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t hits;

/* One byte long at its start, so that the handler need not step it. */
__attribute__((noinline, aligned(64))) void place(void)
{
	__asm__ volatile("nop; nop; nop; nop; nop; nop; nop; nop");
}

static void on_trap(int sig)
{
	(void)sig;
	hits++;
}

int main(void)
{
	uintptr_t page = (uintptr_t)place & ~(uintptr_t)4095;
	char line[64];

	signal(SIGTRAP, on_trap);
	if (mprotect((void *)page, 8192, PROT_READ | PROT_WRITE | PROT_EXEC))
		return 1;
	*(volatile unsigned char *)place = 0xcc;
	if (mprotect((void *)page, 8192, PROT_READ | PROT_EXEC))
		return 1;
	printf("ready %d\n", (int)hits);
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		place();
		printf("hits %d\n", (int)hits);
		fflush(stdout);
	}
	return 0;
}
