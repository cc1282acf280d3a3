//! Definitions that mean harm: each is a problem at its revision, or nothing at all, and the next stream folds as ever.

use super::{record, script, shown};
use hindsight::aggregate::script::{Limits, ScriptAggregate};
use hindsight::aggregate::{Aggregate, Applied, FaultKind};
use hindsight::record::StreamName;

/// A body of `Bad`; what it must come to, `None` where it may fold.
const BODIES: &[(&str, &str, Option<FaultKind>)] = &[
    ("endless loop", "for (;;) {}", Some(FaultKind::Time)),
    (
        "endless loop that catches",
        "for (;;) { try { for (;;) {} } catch {} finally { continue; } }",
        Some(FaultKind::Time),
    ),
    ("recursion", "const f = () => f() + 1; f();", Some(FaultKind::Stack)),
    (
        "recursion through JSON",
        "const a = []; let b = a; for (let i = 0; i < 200000; i++) { b[0] = []; b = b[0]; } JSON.stringify(a);",
        None,
    ),
    (
        "recursion through toString",
        "const o = { toString() { return `${o}`; } }; String(o);",
        Some(FaultKind::Stack),
    ),
    ("an array of 1 GB", "s.a = new Array(1 << 27).fill(7);", Some(FaultKind::Thrown)),
    ("a typed array of 1 GB", "s.a = new Uint8Array(1 << 30);", Some(FaultKind::Memory)),
    ("a string of 1 GB", "s.a = 'x'.repeat(1 << 30);", None),
    ("a growing string", "let x = 'xxxxxxxx'; for (;;) x += x;", None),
    ("growing arrays", "const all = []; for (;;) all.push(new Array(1000).fill(all.length));", None),
    ("a sparse array", "s.a = []; s.a[4294967290] = 1;", None),
    (
        "a sparse array searched",
        "const a = []; a[4294967290] = 1; s.i = a.indexOf(2);",
        Some(FaultKind::Thrown),
    ),
    (
        "an array-like without end",
        "s.x = Array.prototype.join.call({ length: 2 ** 53 - 1 });",
        Some(FaultKind::Thrown),
    ),
    ("an array of a length", "s.x = Array.from({ length: 1e15 });", Some(FaultKind::Thrown)),
    ("sort without end", "const a = []; a.length = 4294967295; a.sort();", Some(FaultKind::Thrown)),
    (
        "a getter that throws",
        "Object.defineProperty(s, 'x', { get() { throw new Error('got'); }, enumerable: true });",
        Some(FaultKind::State),
    ),
    ("a getter that loops", "return { get x() { for (;;) {} } };", Some(FaultKind::State)),
    (
        "an error of getters",
        "throw { get message() { for (;;) {} }, get stack() { throw 1; }, toString() { for (;;) {} } };",
        None,
    ),
    (
        "an error with getters",
        "const x = new Error('x'); Object.defineProperty(x, 'message', { get() { for (;;) {} } }); throw x;",
        None,
    ),
    ("toJSON is not asked", "s.x = { toJSON() { throw new Error('asked'); } }; delete s.x.toJSON;", None),
    (
        "Object.prototype",
        "Object.prototype.n = 666; Object.prototype.toString = null;",
        Some(FaultKind::Tampering),
    ),
    (
        "a setter on Object.prototype",
        "Object.defineProperty(Object.prototype, 'good', { set() { throw new Error('set'); }, configurable: true });",
        Some(FaultKind::Tampering),
    ),
    (
        "Array.prototype",
        "Array.prototype.push = Array.prototype.map = null; Array.prototype[Symbol.iterator] = null;",
        Some(FaultKind::Tampering),
    ),
    ("__proto__", "s.__proto__ = { n: 3 }; s['__proto__'].x = 1;", None),
    ("an own __proto__", "return JSON.parse('{\"__proto__\": {\"n\": 1}}');", None),
    ("no prototype", "return Object.create(null);", None),
    (
        "a Proxy",
        "return new Proxy({}, { ownKeys() { for (;;) {} }, get() { throw 1; } });",
        Some(FaultKind::State),
    ),
    ("a Proxy within", "s.p = new Proxy([], { get() { for (;;) {} } });", Some(FaultKind::State)),
    (
        "a Proxy as prototype",
        "Object.setPrototypeOf(s, new Proxy({}, { get() { for (;;) {} }, has() { for (;;) {} } }));",
        None,
    ),
    ("itself", "s.self = s;", Some(FaultKind::State)),
    ("too deep", "let d = s; for (let i = 0; i < 100; i++) { d.d = {}; d = d.d; }", Some(FaultKind::State)),
    ("NaN", "s.n = NaN;", Some(FaultKind::State)),
    ("infinity", "s.n = 1 / 0;", Some(FaultKind::State)),
    ("a function", "s.f = () => 1;", Some(FaultKind::State)),
    ("a symbol", "s.f = Symbol('x');", Some(FaultKind::State)),
    ("a promise", "return Promise.resolve(s);", Some(FaultKind::State)),
    ("invalid UTF-16", "s.a = '\\ud800'; s['\\udfff'] = 'x\\udc00\\ud800y';", None),
    ("thrown invalid UTF-16", "throw new Error('\\ud800');", Some(FaultKind::Thrown)),
    ("thrown nothing", "throw undefined;", Some(FaultKind::Thrown)),
    ("thrown null", "throw null;", Some(FaultKind::Thrown)),
    ("thrown symbol", "throw Symbol('x');", Some(FaultKind::Thrown)),
    ("thrown Proxy", "throw new Proxy({}, { get() { for (;;) {} } });", None),
    ("a regex that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b');", Some(FaultKind::Time)),
    ("a huge regex", "new RegExp('(a|b)'.repeat(100000)).test('a');", None),
    ("a nested regex", "new RegExp('('.repeat(100000) + ')'.repeat(100000));", None),
    ("a big number", "s.x = (2n ** 100000n).toString().length;", None),
    (
        "a search without end",
        "const a = 'a'.repeat(2e7); s.i = a.indexOf('a'.repeat(1e7) + 'b');",
        Some(FaultKind::Thrown),
    ),
    ("a big sort", "const a = []; for (let i = 0; i < 1e6; i++) a[i] = i * 7919 % 1e6; a.sort();", None),
    ("a big typed sort", "new Float64Array(2e7).sort();", Some(FaultKind::Thrown)),
    ("joins", "s.x = new Array(1e6).join('x'.repeat(1000)).length;", None),
    ("an own toString of a name", "s[{ toString() { for (;;) {} } }] = 1;", Some(FaultKind::Time)),
    ("a symbol's prototype", "Symbol.prototype.x = 1; (1).__proto__.y = 2;", Some(FaultKind::Tampering)),
    (
        "an iterator's prototype",
        "Object.getPrototypeOf([][Symbol.iterator]()).next = null;",
        Some(FaultKind::Tampering),
    ),
    ("a name of another alphabet", "s['\\u0000a'] = s['用户'] = 1;", None),
    ("code from text", "eval('1');", Some(FaultKind::Thrown)),
    ("code from a constructor", "(function () {}).constructor('return 1')();", Some(FaultKind::Thrown)),
    (
        "code from a generator's constructor",
        "Object.getPrototypeOf(function* () {}).constructor('yield 1');",
        Some(FaultKind::Thrown),
    ),
    ("a module", "import('x');", None),
    ("a timer", "setTimeout(() => {}, 1);", Some(FaultKind::Thrown)),
    ("promises without end", "const next = () => Promise.resolve().then(next); next();", None),
    ("an async loop", "(async () => { for (;;) await 0; })();", None),
    ("a generator without end", "[...(function* () { for (;;) yield 1; })()];", None),
    (
        "an iterator without end",
        "const { ...x } = new Proxy({}, { ownKeys() { for (;;) {} } });",
        Some(FaultKind::Time),
    ),
    ("emits without end", "for (;;) emit('x', 'y', {});", Some(FaultKind::Time)),
    ("logs without end", "for (;;) log('x'.repeat(1000));", None),
    ("an emit of a getter", "emit('x', 'y', { get a() { for (;;) {} } });", Some(FaultKind::Thrown)),
    (
        "the event changed",
        "for (const k of Object.keys(e)) { e[k] = 1; delete e[k]; } e.__proto__.data = 1;",
        None,
    ),
    (
        "the event's prototype",
        "Object.defineProperty(Object.getPrototypeOf(e), 'x', { get() { throw 1; } });",
        None,
    ),
    (
        "the clock replaced",
        "Date.now = () => { for (;;) {} }; Date = null; Math.random = null; JSON.parse = null;",
        Some(FaultKind::Tampering),
    ),
    (
        "the handlers' names",
        "for (const k of Object.getOwnPropertyNames(globalThis)) { try { delete globalThis[k]; } catch {} }",
        Some(FaultKind::Tampering),
    ),
    (
        "globalThis replaced",
        "globalThis.Object = globalThis.Array = globalThis.Error = undefined;",
        Some(FaultKind::Tampering),
    ),
    ("weak things", "new FinalizationRegistry(() => { for (;;) {} }).register({}, 1);", None),
    ("a label of blocks", "a: { b: { for (;;) { break a; } } }", None),
    (
        "shared memory",
        "new SharedArrayBuffer(1 << 30); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60000);",
        None,
    ),
    ("a long state", "s.a = 'x'.repeat(40 << 20);", Some(FaultKind::State)),
    ("many keys", "for (let i = 0; i < 1e9; i++) s['k' + i] = i;", None),
];

/// A definition whose `Bad` is this body.
pub fn definition(body: &str) -> String {
    format!(
        "fromCategory('a').foreachStream().when({{ $init() {{ return {{ n: 0 }}; }},\n Good(s, e) {{ s.n++; s.good = e.data.x; }},\n Bad(s, e) {{ {body} }} }})"
    )
}

/// `Bad` after `Good`: its problem. Another stream is as if nothing had been, and the engine stays within its memory.
pub fn meets(aggregate: &ScriptAggregate) -> Result<Option<FaultKind>, String> {
    let stream = StreamName::new("a-1");
    let (mut state, mut changed) = (aggregate.initial(&stream), Vec::new());
    aggregate.apply(&mut state, (&record("a-1", 0, "Good", r#"{"x":1}"#)).into(), &mut changed);
    let before = shown(aggregate, &state);
    let applied = aggregate.apply(&mut state, (&record("a-1", 1, "Bad", "{}")).into(), &mut changed);
    let problem = match applied {
        Applied::Problem(problem) => Some(problem.fault.ok_or("a problem without its fault")?.kind),
        Applied::Folded | Applied::NotFolded => None,
    };
    if problem.is_some() && shown(aggregate, &state) != before {
        return Err("the state is not the one before".to_owned());
    }
    let mut other = aggregate.initial(&StreamName::new("a-2"));
    for revision in 0..2 {
        let good = record("a-2", revision, "Good", r#"{"x":2}"#);
        aggregate.apply(&mut other, (&good).into(), &mut changed);
    }
    match (shown(aggregate, &other).as_str(), aggregate.memory()) {
        ("n=2 good=2", ..=MOST_MEMORY) => Ok(problem),
        ("n=2 good=2", memory) => Err(format!("{memory} bytes stay")),
        (other, _) => Err(format!("the next stream has {other}")),
    }
}

const MOST_MEMORY: i64 = 300 << 20;

#[test]
fn hostile_definitions_are_problems_at_their_revision() {
    let mut failures = Vec::new();
    for (name, body, expected) in BODIES {
        let aggregate = ScriptAggregate::new(script(&definition(body)), Limits::default());
        let met = aggregate.map_err(|fault| fault.to_string()).and_then(|aggregate| meets(&aggregate));
        match (met, expected) {
            (Ok(met), Some(_)) if met == *expected => {}
            (Ok(_), None) => {}
            (met, _) => failures.push(format!("{name}: {met:?}, expected {expected:?}")),
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn hostile_files_do_not_load() {
    let mut failures = Vec::new();
    let deep = "(".repeat(100_000);
    for (text, kind) in [
        ("for (;;) {}", FaultKind::Time),
        ("const f = () => f(); f()", FaultKind::Stack),
        ("let a = 'x'; for (;;) a += a;", FaultKind::Definition),
        ("", FaultKind::Definition),
        ("fromStream('x').when({", FaultKind::Syntax),
        ("fromStream('x').when({}).when({})", FaultKind::Definition),
        ("fromStream('x\0')", FaultKind::Syntax),
        ("throw null", FaultKind::Definition),
        ("import x from 'y'", FaultKind::Syntax),
        (deep.as_str(), FaultKind::Stack),
        ("aggregate({ category: 'a' })", FaultKind::Definition),
        (
            "aggregate({ category: 'a', when: {}, get initial() { throw new Error('no'); } })",
            FaultKind::Definition,
        ),
        ("aggregate(new Proxy({}, { ownKeys() { for (;;) {} } }))", FaultKind::Time),
        ("fromCategory({ toString() { for (;;) {} } })", FaultKind::Definition),
    ] {
        match ScriptAggregate::new(script(text), Limits::default()) {
            Err(fault) if fault.kind == kind => {}
            loaded => failures.push(format!("{text:.60}: {:?}", loaded.map(drop))),
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}
