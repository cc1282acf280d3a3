//! Both forms as an aggregate: states, changes, problems, words, commands.

use super::{define, fold, record, script, shown};
use hindsight::aggregate::script::{Limits, ScriptAggregate};
use hindsight::aggregate::{Aggregate, Applied, FaultKind, InputError, Target, Tone};
use hindsight::history::Timeline;
use hindsight::record::StreamName;
use std::sync::Arc;

/// The last state's text of a projection's stream.
fn state_of(text: &str, event_type: &str, data: &str) -> String {
    let aggregate = define(text);
    let (state, told) = fold(&aggregate, "a-1", &[(event_type, data)]);
    format!("{} | {}", shown(&aggregate, &state), told[0])
}

const ACCOUNT: &str = r#"
aggregate({
  category: "account",
  initial: { open: false, balance: 0 },
  when: {
    AccountOpened(s, e) { return { open: true, owner: e.data.Owner, balance: 0 }; },
    MoneyDeposited(s, e) { s.balance += e.data.Amount; },
    MoneyWithdrawn(s, e) {
      if (!s.open) problem("a withdrawal, but the account is not open", "open");
      s.balance -= e.data.Amount;
    },
    AccountClosed: (s) => ({ ...s, open: false }),
  },
  problems: (s) => (s.balance < 0 ? ["the balance is below zero"] : []),
  columns: ["owner", { path: "balance", label: "Balance", numeric: true }],
  status: (s) => (s.open ? "open" : "closed"),
  colors: { open: "green", closed: "neutral", MoneyWithdrawn: "orange" },
  commands: {
    Open: {
      creates: true, id: "Account",
      fields: { Owner: "text", Account: "text" },
      decide(s, c) { return s.open ? refuse("the account is open already", "open") : [event("AccountOpened", { Owner: c.Owner })]; },
    },
    Withdraw: {
      fields: { Account: "text", Amount: "decimal" },
      stream: (c) => `account-${c.Account}`,
      decide(s, c) {
        if (!s.open) refuse("the account is not open", "open");
        if (s.balance < c.Amount) refuse(`the balance is ${s.balance}`, "balance");
        return [event("MoneyWithdrawn", { Amount: c.Amount })];
      },
    },
  },
});
"#;

#[test]
fn an_aggregate_of_ones_own_folds_checks_and_decides() {
    let account = define(ACCOUNT);
    let (state, told) = fold(
        &account,
        "account-1",
        &[
            ("MoneyWithdrawn", r#"{"Amount":1}"#),
            ("AccountOpened", r#"{"Owner":"ann"}"#),
            ("MoneyDeposited", r#"{"Amount":10.5}"#),
            ("Unknown", "{}"),
            ("MoneyWithdrawn", r#"{"Amount":11}"#),
            ("MoneyWithdrawn", r#"{"Amount":0.5}"#),
        ],
    );
    assert_eq!(
        told,
        [
            "script-problem: a withdrawal, but the account is not open",
            "open owner balance",
            "balance",
            "-",
            "script-problem: the balance is below zero",
            "balance",
        ]
    );
    assert_eq!(shown(&account, &state), "open=true owner=\"ann\" balance=10");
    let schema = account.schema();
    let status = account.status(&state).unwrap();
    assert_eq!((&*status.word, &*status.label, status.tone), ("open", "Open", Tone::Good));
    assert_eq!(schema.event_tone("MoneyWithdrawn"), Some(Tone::Warning));
    assert_eq!((schema.columns.len(), schema.statuses.len(), &*schema.noun), (2, 2, "account"));

    let [open, withdraw] = schema.commands.as_slice() else { panic!("two commands") };
    assert_eq!((open.target, withdraw.target), (Target::New, Target::Existing));
    assert_eq!(withdraw.appends, [Arc::from("MoneyWithdrawn")]);
    let command = account.command(withdraw, &["1", "4.25"], "x").unwrap();
    assert_eq!(command.stream.as_str(), "account-1");
    let events = account.decide(&state, &command).unwrap();
    assert_eq!((&*events[0].event_type, &*events[0].data), ("MoneyWithdrawn", &br#"{"Amount":4.25}"#[..]));
    let command = account.command(withdraw, &["1", "11"], "x").unwrap();
    let refusal = account.decide(&state, &command).unwrap_err();
    assert_eq!(
        (refusal.text.as_str(), refusal.because_of.as_deref()),
        ("the balance is 10", Some("balance"))
    );
    assert!(matches!(account.command(withdraw, &["1", ""], "x"), Err(InputError::Incomplete(_))));
    let invalid = account.command(withdraw, &["1", "4,25"], "x").unwrap_err();
    let sentence =
        "The Amount \"4,25\" is not a number. Type it like 99.90, with a point and without separators.";
    assert_eq!(invalid, InputError::Invalid(sentence.to_owned()));
    let command = account.command(open, &["bob", ""], "fresh").unwrap();
    assert_eq!((command.stream.as_str(), command.creates), ("account-fresh", true));
    let initial = account.initial(&command.stream);
    assert_eq!(&*account.decide(&initial, &command).unwrap()[0].data, br#"{"Owner":"bob"}"#);
    assert_eq!(account.outside_state(), None);
}

#[test]
fn a_script_is_taken_in_every_usual_form() {
    let head = "fromCategory('a').foreachStream().when(";
    for (text, expected) in [
        (format!("{head}{{ 'x.y-v2': (s, e) => ({{ ...s, q: e.data.q }}) }})"), "q=7 | q"),
        (
            format!(
                "\u{feff}'use strict';\r\n// a comment\r\n/* another */\r\n{head}{{ 'x.y-v2'(s, {{ data, eventType: t }}) {{ s.t = t; s.q = data.q; }} }});\r\n"
            ),
            "t=\"x.y-v2\" q=7 | t q",
        ),
        (
            format!(
                "{head}{{ $any(s, e) {{ s.b = e.body; s.r = e.bodyRaw; s.p = JSON.parse(e.bodyRaw).q; return s; }} }})"
            ),
            "b.q=7 r=\"{\\\"q\\\":7}\" p=7 | b.q r p",
        ),
        (
            format!(
                "class C {{ #n = 1; get n() {{ return this.#n; }} static of(e) {{ return new C(); }} }} function help(x) {{ return `<${{x}}>`; }} {head}{{ 'x.y-v2': (s, e) => ({{ c: C.of(e).n, h: help(e.streamId) }}) }})"
            ),
            "c=1 h=\"<a-1>\" | c h",
        ),
        (
            format!(
                "options({{ $includeLinks: false }}); options({{ resultStreamName: 'r', processingLag: 10 }}); {head}{{ $any: (s, e) => [1, 'x', null] }})"
            ),
            "state=[1,\"x\",null] | state",
        ),
        (format!("{head}{{ $any: () => 'text' }})"), "state=\"text\" | state"),
        (format!("{head}{{ $any: () => null }})"), "nothing | "),
        (
            format!(
                "{head}{{ $any: (s, e) => {{ emit('out', 'T', {{ a: 1 }}, {{ m: 2 }}); linkTo('l', e, {{ k: 'v' }}); copyTo('x', e); linkStreamTo('y', 'z'); log('x', {{}}); }} }})"
            ),
            " | ",
        ),
        (
            format!(
                "{head}{{ $any: (s, e) => ({{ a: Date.now(), b: new Date().toISOString(), c: new Date(0).getHours(), d: typeof Math.random(), e: typeof console, f: new Date(2020, 0, 2).toISOString(), g: new Date('2020-01-02T03:04:05').getHours() }}) }})"
            ),
            "a=1700000000000 b=\"2023-11-14T22:13:20.000Z\" c=0 d=\"number\" e=\"undefined\" f=\"2020-01-02T00:00:00.000Z\" g=3 | a b c d e f g",
        ),
        (
            format!(
                "{head}{{ $any: (s, e) => ({{ s: e.isJson, c: e.category, p: e.partition, l: typeof e.linkMetadata.$o, x: 'created' in e, t: this === undefined }}) }})"
            ),
            "s=true c=\"a\" p=\"a-1\" l=\"string\" x=false t=false | s c p l x t",
        ),
        ("fromAll().foreachStream().when({ $any: (s, e) => ({ n: (s.n ?? 0) + 1 }) })".to_owned(), "n=1 | n"),
        ("fromStream('a-1').when({ $any: (s, e) => ({ n: (s.n ?? 0) + 1 }) })".to_owned(), "n=1 | n"),
        (
            format!(
                "{head}{{ $any: (s, e) => {{ e.eventType = 'no'; e.data.q = 8; e.extra = 1; s.k = [e.eventType, e.data.q, e.extra, Object.keys(e).length]; }} }})"
            ),
            "k=[\"x.y-v2\",8,1,13] | k",
        ),
        (format!("{head}{{ $any: (s, e) => {{ s.e = e; }} }}).transformBy((s) => s)"), ""),
    ] {
        let state = state_of(&text, "x.y-v2", r#"{"q":7}"#);
        if !expected.is_empty() {
            assert_eq!(state, expected, "{text}");
        }
    }
}

#[test]
fn an_error_has_its_place_and_stack() {
    let aggregate = define(
        "function add(s, e) {\n  return s.a.b;\n}\nfromCategory('a').foreachStream().when({\n  X: (s, e) =>\n    add(s, e),\n});",
    );
    let mut state = aggregate.initial(&StreamName::new("a-1"));
    let Applied::Problem(problem) =
        aggregate.apply(&mut state, (&record("a-1", 0, "X", "{}")).into(), &mut Vec::new())
    else {
        panic!("it folded")
    };
    let fault = problem.fault.unwrap();
    assert_eq!(fault.place.as_ref().unwrap().to_string(), "own.js:2:10");
    assert_eq!(fault.stack.iter().map(|frame| &*frame.function).collect::<Vec<_>>(), ["add", "X"]);
    assert_eq!(problem.text, "X: TypeError: cannot read property 'b' of undefined (own.js:2:10)");
    let broken = script("fromCategory('a')\n  .foreachStream(.when({})");
    let fault = ScriptAggregate::new(broken, Limits::default()).unwrap_err();
    assert_eq!((fault.kind, fault.place.unwrap().line), (FaultKind::Syntax, 2));
}

#[test]
fn what_a_fold_keeps_outside_its_state_is_told() {
    let outside = |text: &str| {
        let aggregate = define(text);
        let events = [("X", "{}"); 6];
        fold(&aggregate, "a-1", &events);
        fold(&aggregate, "a-2", &events);
        aggregate.outside_state().map(str::to_owned)
    };
    let head = "fromCategory('a').foreachStream().when(";
    let told = outside(&format!("let n = 0; {head}{{ X(s) {{ s.n = ++n; }} }})"));
    assert_eq!(
        told.as_deref(),
        Some(
            "X at revision 1 of a-1 gives another state when nothing ran before it: the definition keeps something outside the state"
        )
    );
    assert!(
        outside(&format!("const base = {{ n: 0 }}; {head}{{ $init: () => base, X(s) {{ s.n++; }} }})"))
            .is_some()
    );
    assert!(
        outside(&format!(
            "const seen = new Map(); {head}{{ X(s, e) {{ seen.set(e.eventId, 1); s.n = seen.size; }} }})"
        ))
        .is_some()
    );
    let shared = "options({ biState: true }); fromCategory('a').foreachStream().when({ $initShared: () => ({}), X(s) { s[1].n = 1; } })";
    let stands = "the state that all streams share is, here, that of this stream alone";
    assert_eq!(outside(shared).as_deref(), Some(stands));
    assert!(
        outside("let n = 0; fromStream('a-1').when({ X(s) { s.n = ++n; s.d = new Date(); } })").is_some()
    );
    assert_eq!(
        outside("fromStream('a-1').when({ X(s) { s.n = (s.n ?? 0) + 1; s.d = new Date(0); } })"),
        None
    );
    assert_eq!(
        outside(&format!(
            "{head}{{ X(s) {{ s.r = Math.random(); s.t = Date.now(); s.n = (s.n ?? 0) + 1; }} }})"
        )),
        None
    );
}

#[test]
fn a_step_tells_what_would_have_been_emitted() {
    let aggregate = define(
        "fromCategory('a').foreachStream().when({ X(s, e) { emit('out', 'T', { of: e.streamId }, { m: 1 }); linkTo('links', e, { why: 'x' }); log('hello'); s.n = 1; } }).transformBy((s) => ({ twice: s.n * 2 }))",
    );
    let state = aggregate.initial(&StreamName::new("a-1"));
    let output = aggregate.output(&state, (&record("a-1", 0, "X", "{}")).into()).unwrap();
    let emitted: Vec<String> = output
        .emitted
        .iter()
        .map(|event| format!("{} {} {} {:?}", event.stream, event.event_type, event.data, event.metadata))
        .collect();
    assert_eq!(
        emitted,
        [r#"out T {"of":"a-1"} Some("{\"m\":1}")"#, r#"links $> 0@a-1 Some("{\"why\":\"x\"}")"#]
    );
    assert_eq!(
        (output.log.as_slice(), output.result.as_deref()),
        (&["hello".to_owned()][..], Some(r#"{"twice":2}"#))
    );
}

/// The timeline's states, each as it is when one steps there.
fn states_of(timeline: &Timeline, places: impl Iterator<Item = usize>) -> Vec<String> {
    let text = |index| format!("{:?}", timeline.frame(Some(index)).fields);
    places.map(text).collect()
}

#[test]
fn a_state_that_is_more_than_its_text_is_the_same_each_time_one_comes_back() {
    let aggregate = define(
        r#"fromStream("a-1").when({
  $init: () => ({ at: new Date(0), seen: new Map(), last: { n: 0 }, all: [] }),
  X(s, e) {
    s.seen.set(e.sequenceNumber, 1);
    s.at.setTime(s.at.getTime() + 1000);
    s.last.n += 1;
    if (e.sequenceNumber % 30 === 0) { s.last = { n: 0 }; s.all.push(s.last); }
    s.size = s.seen.size;
    s.time = s.at.getTime();
  },
  Bad(s) { s.last.n = 99; s.at = null; throw new Error("no"); },
})"#,
    );
    let mut timeline = Timeline::new(aggregate.clone(), StreamName::new("a-1"));
    let mut plain = aggregate.initial(&StreamName::new("a-1"));
    let mut expected = Vec::new();
    for revision in 0..140 {
        let event_type = if revision % 40 == 39 { "Bad" } else { "X" };
        let record = record("a-1", revision, event_type, "{}");
        aggregate.apply(&mut plain, (&record).into(), &mut Vec::new());
        expected.push(format!("{:?}", aggregate.fields(&plain)));
        timeline.push(record);
    }
    assert!(shown(&aggregate, &plain).ends_with("size=137 time=137000"), "{}", shown(&aggregate, &plain));
    assert_eq!(states_of(&timeline, 0..140), expected);
    expected.reverse();
    assert_eq!(states_of(&timeline, (0..140).rev()), expected);
    assert!(aggregate.save(&plain).is_none(), "what is more than its text is not kept");
}

#[test]
fn several_threads_fold_at_the_same_time() {
    let account = define(ACCOUNT);
    let run = |account: &ScriptAggregate, stream: &str| {
        let events: Vec<(&str, &str)> = std::iter::once(("AccountOpened", r#"{"Owner":"x"}"#))
            .chain(std::iter::repeat_n(("MoneyDeposited", r#"{"Amount":1}"#), 500))
            .collect();
        let (state, _) = fold(account, stream, &events);
        assert_eq!(shown(account, &state), "open=true owner=\"x\" balance=500");
    };
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let account = account.clone();
            scope.spawn(move || run(&account, &format!("account-{thread}")));
        }
    });
}
