#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes, offsets and numbers of the public headers.

    layout.py HEADER…               prints layout.c: what a compiler says now
    layout.py --complete LAYOUT HEADER…   fails unless LAYOUT has every struct, member and number

New structs and members at the end get new lines in layout.c; lines that are there never change.
"""
import re
import subprocess
import sys
import tempfile

PROLOGUE = '''/* SPDX-License-Identifier: Apache-2.0
 *
 * The ABI of 64-bit machines, as numbers that never change. `layout.py` prints lines for what is new;
 * a line that is here is a promise to hosts that were compiled with it.
 */
#include <stddef.h>

%s
#define JOINED(a, b) a##b
#define NAMED(line) JOINED(promise_, line)
#define PROMISE(holds) typedef char NAMED(__LINE__)[(holds) ? 1 : -1]
#define SIZE(type, size) PROMISE(sizeof(type) == (size))
#define AT_LEAST(type, size) PROMISE(sizeof(type) >= (size)) /* it begins with struct_size, and may grow */
#define OFFSET(type, member, offset) PROMISE(offsetof(type, member) == (offset))
#define NUMBER(name, number) PROMISE((name) == (number))

/* A translation unit is not empty. */
extern int kith_layout_is_kept;
int kith_layout_is_kept = 1;

'''


def without_comments(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def structures(text):
    found = {}
    for body, name in re.findall(r"typedef struct \w+ \{(.*?)\n\} (\w+);", text, flags=re.S):
        body = re.sub(r"union \{.*?\} (\w+);", r"int \1;", body, flags=re.S)
        # `type name;`, `type *name;`, `type name[8];`, `type (*name)(…);`
        members = re.findall(r"\(\*(\w+)\)|[\s*](\w+)(?:\[[\w ]+\])?;", re.sub(r"\)\s*\([^;]*\)", ")", body))
        found[name] = [a or b for a, b in members]
    return found


def numbers(text):
    return re.findall(r"\b(KITH_[A-Z_0-9]+) = -?\w+", text)


def measured(headers, structs, names):
    lines = []
    for struct, members in structs.items():
        lines.append(f'printf("{size_of(members)}({struct}, %d);\\n", (int)sizeof({struct}));')
        lines += [f'printf("OFFSET({struct}, {m}, %d);\\n", (int)offsetof({struct}, {m}));' for m in members]
    lines += [f'printf("NUMBER({n}, %d);\\n", (int){n});' for n in names]
    source = "#include <stdio.h>\n#include <stddef.h>\n" + "".join(f'#include "{h}"\n' for h in headers)
    source += "int main(void) {\n" + "\n".join(lines) + "\nreturn 0;\n}\n"
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/layout.c", "w", encoding="utf-8") as to:
            to.write(source)
        subprocess.run(["cc", "-o", folder + "/layout", folder + "/layout.c"], check=True)
        return subprocess.run([folder + "/layout"], check=True, capture_output=True, text=True).stdout


def size_of(members):
    return "AT_LEAST" if members[0] == "struct_size" else "SIZE"


def complete(layout, structs, names):
    kept = open(layout, encoding="utf-8").read()
    wanted = [f"{size_of(ms)}({s}," for s, ms in structs.items()] + [f"OFFSET({s}, {m}," for s, ms in structs.items() for m in ms]
    wanted += [f"NUMBER({n}," for n in names]
    missing = [w for w in wanted if w not in kept]
    for w in missing:
        print(f"layout.c has no line {w} …)", file=sys.stderr)
    if len(wanted) < 300:
        print(f"only {len(wanted)} lines are wanted: the headers cannot be read", file=sys.stderr)
    return 1 if missing or len(wanted) < 300 else 0


def main(arguments):
    layout = None
    if arguments[0] == "--complete":
        layout = arguments[1]
        arguments = arguments[2:]
    text = "".join(without_comments(open(h, encoding="utf-8").read()) for h in arguments)
    structs, names = structures(text), numbers(text)
    if layout:
        return complete(layout, structs, names)
    includes = "".join(f'#include "{h.split("/")[-1]}"\n' for h in arguments)
    print((PROLOGUE % includes) + measured(arguments, structs, names), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
