"""Expressions that mean harm, for the test that they end and the bench of how soon.

Owns: three tables by name: stopped while running, refused while reading, and those that are just answered. Everything here once took long
or could have.
"""

from __future__ import annotations

_LONG = "a" * 90_000
_MANY = "for i in 1..300000 return "
_GROW = "{f: function(l, n) if n = 0 then l else f(%s, n - 1), r: %s}.r"
_LIST = "{l: for i in 1..20000 return i, r: for j in 1..1000000 return %s}.r"
_TEXT = 'string join(for i in 1..15000 return "%s")'

#: each uses up its budget, or what one value may be
STOPPED = {
    # loops
    "a loop over a huge range": "for i in 1..10**12 return i",
    "loops within loops": "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
    "loops around nothing": "for a in 1..1000, b in 1..1000, c in [] return 1",
    "some over nothing true": "some x in 1..1000000000 satisfies x < 0",
    "every over all true": "every x in 1..1000000000 satisfies x > 0",
    "all days there are": 'for d in @"2000-01-01"..@"999999999-01-01" return d',
    "a filter in a loop": _LIST % "l[item < 0]",
    "partial results kept": "for i in 1..20000 return count(partial)",
    "partial results within each other": "for i in 1..30000 return partial",
    # functions
    "endless recursion": "{f: function(n) f(n + 1), r: f(1)}.r",
    "a function given itself": "{f: function(n, g) g(n, g), r: f(1, f)}.r",
    "branching recursion": "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), r: f(50)}.r",
    "recursion in a loop": "{f: function(n) for i in 1..2 return f(n), r: f(1)}.r",
    "recursion in a filter": "{f: function(n) [1, 2][f(n) = 1], r: f(1)}.r",
    "functions that return functions": "{f: function(x) function(y) x + y, r: for i in 1..100000 return f(1)(2)}.r",
    # values that grow
    "doubling strings": _GROW % ("l + l", 'f("abc", 50)'),
    "doubling lists": _GROW % ("concatenate(l, l)", "f([1], 50)"),
    "shared lists told as text": _GROW % ("[l, l]", "string(f([1], 50))"),
    "shared lists handed out": _GROW % ("[l, l]", "f([1], 40)"),
    "shared contexts handed out": _GROW % ("{a: l, b: l}", "f({}, 40)"),
    "shared lists compared": _GROW % ("[l, l]", "f([1], 40) = f([1], 40)"),
    "shared lists flattened": _GROW % ("[l, l]", "flatten(f([1], 40))"),
    "shared lists and their type": _GROW % ("[l, l]", f"f([1], 40) instance of {'list<' * 41}number{'>' * 41}"),
    "shared lists and their entries": _GROW % ("[l, l]", "f([{a: 1}], 40).a"),
    "a list in a list in a list": "string((for i in 1..9000 return [partial[-1]])[-1])",
    "contexts put into each other": '{k: for i in 1..5000 return "a", r: context put({}, k, 1)}.r',
    "a large list kept many times": _LIST % "concatenate(l, l)",
    # strings and patterns
    "a string told of every number": _MANY + "string(1e6144)",
    "capitals of a long text": _MANY + f'upper case("{"ß" * 50_000}")',
    "a long text joined to itself": f'{{s: "{_LONG}", r: for i in 1..100000 return s + "a"}}.r',
    "long texts compared": f'{{s: "{_LONG}", t: s + "a", u: s + "a", r: for i in 1..1000000 return t = u}}.r',
    "a text sought in a long one": _MANY + f'contains("{_LONG}", "b")',
    "a long text joined many times": f'{{s: "{_LONG[:1900]}", r: string join(for i in 1..10000 return s)}}.r',
    "a pattern with back references": f'matches({_TEXT % "a"}, "(a*)(a*)\\1\\2b")',
    "a pattern of many maybes": 'matches(string join(for i in 1..999 return "a"), "(a?){1000}a{1000}")',
    "many patterns": _MANY + 'matches("a", "((a{30}){30}){5}" + string(i))',
    "a replacement that is long": f'replace({_TEXT % "a"}, "a", "{"a" * 40}")',
    # lists
    "distinct values of many": "distinct values(for i in 1..20000 return i)",
    "duplicates among many": "duplicate values(for i in 1..20000 return i)",
    "sorting without end": "sort(for i in 1..15000 return i, function(a, b) some x in 1..1000 satisfies false)",
    "sorting by a function that lies": "sort(for i in 1..15000 return i, function(a, b) true)",
    "sorting by a function that says nothing": 'sort(for i in 1..15000 return i, function(a, b) "x")',
    "looking into a list often": _LIST % "list contains(l, -1)",
    "looking into a list with in": _LIST % "-1 in l",
    "a list turned round often": _LIST % "reverse(l)",
    "items replaced by a function": _LIST % "list replace(l, function(a, b) a = 0, 1)",
    "contexts merged often": "{l: for i in 1..10000 return {a: i}, r: for i in 1..1000000 return context merge(l)}.r",
    "contexts of many entries": _MANY + "{" + ", ".join(f"a{n}: {n}" for n in range(100)) + "}",
    # numbers
    "powers of many": _MANY + "1.2345678901234567890123456 ** 6789.123456789",
    "logarithms of many": _MANY + "log(1.234567890123456789e6000)",
    "exponentials of many": _MANY + "exp(1.234567890123456789)",
    "huge numbers rounded": _MANY + "round up(1e6144, 100)",
    "huge numbers asked whether they are even": _MANY + "even(1e6144)",
    "huge numbers as positions": _MANY + "[1, 2, 3][1e6144]",
    "huge numbers and what remains": _MANY + "modulo(1e6144, 1e-6000)",
    "long numbers read": _MANY + f'number("{"9" * 5_000}")',
    # time
    "dates read": _MANY + 'date("2026-99-01")',
    "zones that nobody knows": _MANY + 'time("10:00:00@Nowhere/X" + string(i))',
    "moments of far years": _MANY + '@"12026-03-29T01:30:00@Europe/Paris" + @"PT1H"',
    "durations multiplied": _MANY + '@"P999999999999999999D" * 1e6000',
    "ranges read": _MANY + 'range("[1..2" + string(i) + "]")',
    "ranges read that are deep": _MANY + f'range("[{"(" * 50}1{")" * 50}..2]")',
    "how ranges stand": _MANY + "overlaps([1..5], [3..8])",
}

#: each is refused before it runs
REFUSED = {
    "parentheses": "(" * 5_000 + "1" + ")" * 5_000,
    "brackets": "[" * 200 + "]" * 200,
    "filters in a row": "a" + "[1]" * 500,
    "calls in a row": "f" + "()" * 500,
    "tests within tests": "x in " + "(x in " * 60 + "(1)" + ")" * 60,
    "conditions within conditions": "if a then b else " * 60 + "(" * 60,
    "functions within functions": "function(a) " * 60 + "1",
    "comparisons in a row": "a in " * 200 + "b",
    "types within types": "a instance of " + "list<" * 60 + "number" + ">" * 60,
    "too many words": "1 + " * 5_000 + "1",
    "too long a name": "a" * 150_000,
    "a comment that does not end": "/*" * 40_000,
    "a string that does not end": '"' + "\\\\" * 40_000,
}

#: each is answered, large as it is
ANSWERED = {
    "a long sum": " + ".join(["1"] * 2_500),
    "a long conjunction": "true and " * 2_490 + "true",
    "a long choice": "if x = 0 then 0 else " * 600 + "1",
    "a long list": "[" + "1," * 2_400 + "1]",
    "many entries": "{" + ",".join(f"a{n}: a{n - 1} + 1" for n in range(1, 800)) + "}",
    "many names of several words": "{" + ",".join(f"a {n}: 1" for n in range(900)) + "}",
    "many names with signs": "{" + ",".join(f"a+{n}: 1" for n in range(700)) + "}",
    "many parameters": "function(" + ",".join(f"a+{n}" for n in range(800)) + ") 1",
    "many zones that nobody knows": "[" + ",".join(f'@"10:00:00@Zone/{n}"' for n in range(1_200)) + "]",
    "deep lists side by side": " + ".join(["[" * 45 + "1" + "]" * 45] * 45),
    "many signs": "-" * 4_990 + "1",
    "many escapes": '"' + "\\u0041" * 15_000 + '"',
    "a long number": "9" * 90_000,
    "a number beyond all": "1e999999999",
    "a loop over a range of few huge numbers": "for i in 1e6143..1e6144 return [i]",
    "a pattern that looks ahead": 'replace(string join(for i in 1..5000 return "a"), "a*b", "c")',
    "a power of nines": "9" * 5_000 + " ** 9999",
    "ten to the ten to the nine": "10 ** (10 ** 9)",
    "a pattern that others backtrack on": 'matches(string join(for i in 1..1000 return "a") + "!", "^(a+)+$")',
    "a pattern of nested repetition": 'matches("a", "((((a{50}){50}){50}){50}){50}")',
    "a pattern of many alternatives": 'matches("a", "' + "a|" * 3_000 + '")',
    "a pattern of one large class": 'matches("a", "[' + "a-z" * 2_000 + ']")',
    "a pattern of many groups": 'matches("a", "' + "(" * 1_000 + ")" * 1_000 + '")',
}
