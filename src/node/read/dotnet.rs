//! Regular expressions as .NET writes them, put into the words of `fancy-regex` where the two differ.

use std::{iter::Peekable, str::Chars};

/// Letters that .NET knows behind a backslash, but for those that are rewritten; another letter is an error there.
const ESCAPES: &str = "aAbBdDefGknpPrsStuvwWxz";
/// The end, or just before the newline there.
const END: &str = r"(?=\n?\z)";
/// Classes within classes, deeper than a person writes.
const DEEPEST: usize = 16;

/// Nothing where .NET would refuse it too.
pub fn translated(pattern: &str) -> Option<String> {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars().peekable();
    // With (?m) a dollar means the end of any line, in both.
    let lines = flags(pattern).any(|f| f.contains('m'));
    while let Some(c) = rest.next() {
        match c {
            '\\' => escape(&mut rest, &mut out)?,
            '[' => class(&mut rest, &mut out, 0)?,
            '$' if !lines => out.push_str(END),
            '{' if !quantifies(rest.clone()) => out.push_str(r"\{"),
            '(' if comments(rest.clone()) => drop(rest.find(|c| *c == ')')?),
            c => out.push(c),
        }
    }
    Some(out)
}

/// Letters that are switched on between `(?` and `)` or `:`.
fn flags(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split("(?").skip(1).filter_map(|group| {
        let letters = group.split([')', ':', '-']).next()?;
        letters.chars().all(|c| "imnsx".contains(c)).then_some(letters)
    })
}

fn comments(mut rest: Peekable<Chars>) -> bool {
    rest.next() == Some('?') && rest.next() == Some('#')
}

/// Whether `{` begins `{n}`, `{n,}` or `{n,m}`; else it stands for itself.
fn quantifies(rest: Peekable<Chars>) -> bool {
    let inner: String = rest.take_while(|c| c.is_ascii_digit() || matches!(c, ',' | '}')).collect();
    let Some((count, _)) = inner.split_once('}') else { return false };
    let (least, most) = count.split_once(',').unwrap_or((count, ""));
    !least.is_empty() && !most.contains(',')
}

fn escape(rest: &mut Peekable<Chars>, out: &mut String) -> Option<()> {
    match rest.next()? {
        'Z' => out.push_str(END),
        'c' => control(rest, out)?,
        '0' => octal(rest, out),
        c @ ('p' | 'P') => {
            out.extend(['\\', c]);
            out.extend(rest.next_if_eq(&'{'));
        }
        c if c.is_ascii_alphabetic() && !ESCAPES.contains(c) => return None,
        // Word ends to fancy-regex.
        c @ ('<' | '>') => out.push(c),
        c => out.extend(['\\', c]),
    }
    Some(())
}

fn control(rest: &mut Peekable<Chars>, out: &mut String) -> Option<()> {
    let letter = rest.next()?.to_ascii_uppercase();
    let code = u32::from(letter).checked_sub(64).filter(|code| *code < 32)?;
    out.push_str(&point(code));
    Some(())
}

fn octal(rest: &mut Peekable<Chars>, out: &mut String) {
    let mut code = 0;
    for _ in 0..2 {
        let Some(digit) = rest.next_if(|c| ('0'..='7').contains(c)) else { break };
        code = code * 8 + digit.to_digit(8).unwrap_or_default();
    }
    out.push_str(&point(code));
}

fn point(code: u32) -> String {
    format!(r"\x{{{code:x}}}")
}

/// A class behind its `[`. In .NET `[`, `&&` and `~~` are characters, and `-[…]` at the end takes away.
fn class(rest: &mut Peekable<Chars>, out: &mut String, depth: usize) -> Option<()> {
    out.push('[');
    out.extend(rest.next_if_eq(&'^'));
    if rest.next_if_eq(&']').is_some() {
        out.push_str(r"\]");
    }
    while let Some(c) = rest.next() {
        match c {
            ']' => {
                out.push(']');
                return Some(());
            }
            '\\' if rest.next_if_eq(&'b').is_some() => out.push_str(r"\x08"),
            '\\' => escape(rest, out)?,
            '-' if rest.next_if_eq(&'[').is_some() => {
                out.push_str("--");
                (depth < DEEPEST).then(|| class(rest, out, depth + 1))??;
            }
            '[' | '&' | '~' => out.extend(['\\', c]),
            '-' if out.ends_with('-') => out.push_str(r"\-"),
            c => out.push(c),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::translated;
    use fancy_regex::Regex;

    #[track_caller]
    fn finds(pattern: &str, yes: &[&str], no: &[&str]) {
        let regex = Regex::new(&translated(pattern).expect(pattern)).expect(pattern);
        for text in yes {
            assert!(regex.is_match(text).expect(pattern), "{pattern} finds {text:?}");
        }
        for text in no {
            assert!(!regex.is_match(text).expect(pattern), "{pattern} passes {text:?}");
        }
    }

    #[test]
    fn what_dotnet_means_is_found() {
        finds("^(?!(A$|B$))", &["C", "AB"], &["A", "B", "A\n"]);
        finds("^(?!(\\$.+$|PersistentConfig\\d+$|Result$))", &["OrderPaid"], &["$metadata", "Result"]);
        finds("(?<=order-)\\d+", &["order-7"], &["order-x"]);
        finds("tail$", &["tail", "tail\n"], &["tail\n\n", "tails"]);
        finds("(?m)^a$", &["b\na\nc"], &["b a"]);
        finds("^[a-z-[aeiou]]", &["bird"], &["apple", "-"]);
        finds("[a[]b", &["ab", "[b"], &["cb"]);
        finds("^a[&&]", &["a&"], &["ab"]);
        finds("[]x]$", &["a]", "ax"], &["a"]);
        finds("a{,3}", &["a{,3}"], &["aaa"]);
        finds("^a{2}$", &["aa"], &["a", "aaa"]);
        finds(r"\<b\>", &["<b>"], &["b"]);
        finds(r"\cA\0[\b]", &["\u{1}\0\u{8}"], &["A0b"]);
        finds(r"^\p{Lu}\P{Lu}[\p{Ll}]", &["Abc"], &["ABC", "abc"]);
        finds("a(?#it's [ a )b", &["ab"], &["a"]);
    }

    #[test]
    fn what_dotnet_refuses_is_refused() {
        let deep = "(".repeat(100_000) + &")".repeat(100_000);
        for pattern in [r"\h", r"\K", "[a", r"\", "(?#", "(", &deep] {
            let built = translated(pattern).map(|p| Regex::new(&p));
            assert!(!matches!(built, Some(Ok(_))), "{pattern}");
        }
        let deep = format!("{}{}", "[a-".repeat(10_000), "]".repeat(10_000));
        assert_eq!(translated(&deep), None);
    }
}
