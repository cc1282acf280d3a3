//! What a script's text says that it could do, so that the common script does not pay for the rare one.

/// What is looked at for a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    /// It could make properties that are computed: each is looked at before it is written. A script that hides these words in
    /// computed names is only written as the values that its properties give.
    pub properties: bool,
    /// It could change what is built in: that is compared after every event.
    pub built_ins: bool,
}

/// Words without which every property of an object that a script makes is a plain value.
const PROPERTIES: [&str; 10] =
    ["defineProp", "get[", "set[", ".create", "create(", "create }", "__", "Proxy", "Reflect", "\\u"];
/// Words without which no built-in object is reached but by its name.
const BUILT_INS: [&str; 9] =
    ["prototype", "Prototype", "__", "globalThis", "constructor", "Reflect", "defineProp", "this[", "\\u"];
const NAMES: [&str; 18] = [
    "Object", "Array", "Function", "String", "Number", "Boolean", "Symbol", "BigInt", "Math", "JSON", "Date",
    "RegExp", "Map", "Set", "Promise", "Error", "WeakMap", "Iterator",
];

impl Care {
    pub fn of(text: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let accessor = ["get", "set"]
            .iter()
            .any(|word| is_followed(text, word, |rest| rest.starts_with(char::is_whitespace)));
        let assigned = NAMES.iter().any(|name| is_followed(text, name, is_assignment));
        Self { properties: has(&PROPERTIES) || accessor, built_ins: has(&BUILT_INS) || assigned }
    }
}

/// Whether the word stands somewhere and the rest after it is such.
fn is_followed(text: &str, word: &str, rest_is: impl Fn(&str) -> bool) -> bool {
    text.match_indices(word).any(|(at, _)| rest_is(&text[at + word.len()..]))
}

/// `= …`, `.name = …`, `[…] = …` and the like, also as an argument that another function could change.
fn is_assignment(rest: &str) -> bool {
    let rest = rest.trim_start();
    if rest.starts_with('[') || rest.starts_with([',', ')']) {
        return true;
    }
    let rest = match rest.strip_prefix('.') {
        Some(name) => {
            name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_' || c == '$').trim_start()
        }
        None => rest,
    };
    (rest.starts_with('=') && !rest.starts_with("==") && !rest.starts_with("=>"))
        || ["+=", "-=", "??=", "||=", "&&=", "++", "--"].iter().any(|operator| rest.starts_with(operator))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_script_needs_no_care() {
        let plain = "fromCategory('a').foreachStream().when({ A(s, e) { s.m = Object.keys(e.data).length === 1; s.d = new Date(); s.t = Math.max(1, 2); if (s.x === undefined) s.x = 1; if (s.y) problem('it was created before'); } })";
        assert_eq!(Care::of(plain), Care { properties: false, built_ins: false });
        for text in [
            "Date.now = 1",
            "Object = 1",
            "Array.prototype.x = 1",
            "Object.assign(Math, {})",
            "JSON['parse'] = 1",
        ] {
            assert!(Care::of(text).built_ins, "{text}");
        }
        for text in ["({ get x() {} })", "Object.defineProperty(s, 'x', {})", "new Proxy(s, {})"] {
            assert!(Care::of(text).properties, "{text}");
        }
    }
}
