#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# blocks.py FILE: how many calls a recording must still have, by docs/recording.md alone: those of the data blocks that are
# whole, up to where the file ends. Nothing where not even its head is there.

import struct
import sys

MAGIC = b"\xf7block\n\x1a"
HEAD = struct.Struct("<8sIIIIIIQQ")


def fnv(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


def blocks(data):
    at = data.find(MAGIC)
    while at >= 0 and at + HEAD.size <= len(data):
        head = data[at:at + HEAD.size]
        _, kind, number, packed, _, calls, check, _, _ = HEAD.unpack(head)
        if check == fnv(head[:28] + head[32:]) and at + HEAD.size + packed <= len(data):
            yield kind, number, calls
            at += HEAD.size + packed
        else:
            at += 1
        at = data.find(MAGIC, at)


with open(sys.argv[1], "rb") as file:
    whole = list(blocks(file.read()))
if whole and whole[0][:2] == (1, 0):
    print(sum(calls for kind, _, calls in whole if kind == 2))
