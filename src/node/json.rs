//! Which data the projections of a real server take for JSON.

/// Levels that may be inside each other.
const DEPTH: u32 = 64;

/// Whether the parser takes it: strict but for trailing commas and comments.
pub fn accepted(data: &[u8]) -> bool {
    let mut reader = Reader { rest: data, levels: 0, depth: 0 };
    reader.document().is_some()
}

/// What may come next.
#[derive(Clone, Copy)]
enum Next {
    Value,
    ValueOrEnd,
    KeyOrEnd,
    CommaOrEnd,
}

struct Reader<'a> {
    rest: &'a [u8],
    /// A bit for each level, the innermost lowest: set for an object.
    levels: u64,
    depth: u32,
}

impl Reader<'_> {
    fn document(&mut self) -> Option<()> {
        let mut next = Next::Value;
        loop {
            self.blank()?;
            let Some(byte) = self.rest.first().copied() else {
                return (self.depth == 0 && matches!(next, Next::CommaOrEnd)).then_some(());
            };
            next = match (next, byte) {
                (Next::ValueOrEnd, b']') | (Next::KeyOrEnd, b'}') | (Next::CommaOrEnd, b']' | b'}') => {
                    self.close(byte)?
                }
                (Next::Value | Next::ValueOrEnd, _) => self.value(byte)?,
                (Next::KeyOrEnd, b'"') => {
                    self.text()?;
                    self.blank()?;
                    self.skip(b":")?;
                    Next::Value
                }
                (Next::CommaOrEnd, b',') if self.depth > 0 => {
                    self.rest = &self.rest[1..];
                    if self.levels & 1 == 1 { Next::KeyOrEnd } else { Next::ValueOrEnd }
                }
                _ => return None,
            };
        }
    }

    fn value(&mut self, first: u8) -> Option<Next> {
        match first {
            b'{' | b'[' => return self.open(first),
            b'"' => self.text()?,
            b't' => self.skip(b"true")?,
            b'f' => self.skip(b"false")?,
            b'n' => self.skip(b"null")?,
            _ => self.number()?,
        }
        Some(Next::CommaOrEnd)
    }

    fn open(&mut self, bracket: u8) -> Option<Next> {
        if self.depth == DEPTH {
            return None;
        }
        let object = bracket == b'{';
        self.rest = &self.rest[1..];
        self.depth += 1;
        self.levels = self.levels << 1 | u64::from(object);
        Some(if object { Next::KeyOrEnd } else { Next::ValueOrEnd })
    }

    fn close(&mut self, bracket: u8) -> Option<Next> {
        let fits = self.depth > 0 && (self.levels & 1 == 1) == (bracket == b'}');
        fits.then(|| {
            self.rest = &self.rest[1..];
            self.depth -= 1;
            self.levels >>= 1;
            Next::CommaOrEnd
        })
    }

    fn skip(&mut self, word: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// White space and comments.
    fn blank(&mut self) -> Option<()> {
        loop {
            let blanks = self.rest.iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).count();
            self.rest = &self.rest[blanks..];
            let length = match self.rest {
                [b'/', b'/', comment @ ..] => {
                    2 + comment.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(comment.len())
                }
                [b'/', b'*', comment @ ..] => 4 + comment.windows(2).position(|end| end == b"*/")?,
                _ => return Some(()),
            };
            self.rest = &self.rest[length..];
        }
    }

    fn text(&mut self) -> Option<()> {
        self.skip(b"\"")?;
        loop {
            let plain = self.rest.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20))?;
            let (escape, rest) = (self.rest[plain], &self.rest[plain + 1..]);
            self.rest = match (escape, rest) {
                (b'"', rest) => {
                    self.rest = rest;
                    return Some(());
                }
                (b'\\', [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest @ ..]) => rest,
                (b'\\', [b'u', rest @ ..]) => {
                    let (digits, rest) = rest.split_at_checked(4)?;
                    digits.iter().all(u8::is_ascii_hexdigit).then_some(rest)?
                }
                _ => return None,
            };
        }
    }

    fn number(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix(b"-").unwrap_or(self.rest);
        match self.rest {
            [b'0', rest @ ..] => self.rest = rest,
            _ => self.digits()?,
        }
        if let [b'.', rest @ ..] = self.rest {
            self.rest = rest;
            self.digits()?;
        }
        if let [b'e' | b'E', rest @ ..] = self.rest {
            self.rest = rest.strip_prefix(b"+").or_else(|| rest.strip_prefix(b"-")).unwrap_or(rest);
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let count = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.rest = &self.rest[count..];
        (count > 0).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::accepted;

    #[test]
    fn json_with_trailing_commas_and_comments_is_accepted() {
        for text in [
            "{}",
            "[]",
            " {\"a\" : [1, -2.5e+3, 0, \"x\\u00fc\\\"\", true, false, null]} ",
            "7",
            "\"\"",
            "null",
            "{\"a\":1,}",
            "[1,]",
            "// so\n{\"a\"/* here */:1} // there",
            "{\"\":{}}",
            "\r\n\t[]",
        ] {
            assert!(accepted(text.as_bytes()), "{text}");
        }
        assert!(accepted(b"\"\xFF\""), "bytes that are no UTF-8 are replaced before it is parsed");
    }

    #[test]
    fn what_the_parser_refuses_is_refused() {
        for text in [
            "",
            " ",
            "NaN",
            "Infinity",
            "\u{FEFF}{}",
            "garbage",
            "{",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "{'a':1}",
            "[1 2]",
            "[,]",
            "[1,,]",
            "[}",
            "{]",
            "{\"a\":1]",
            "{} {}",
            "1,",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "--1",
            "\"\n\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"a",
            "tru",
            "truee",
            "/* open",
            "// alone",
            "/ {}",
            "]",
            "\u{C}{}",
        ] {
            assert!(!accepted(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn sixty_four_levels_are_the_most() {
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(accepted(nested(64).as_bytes()));
        assert!(!accepted(nested(65).as_bytes()));
        let objects = |levels| "{\"a\":".repeat(levels) + "1" + &"}".repeat(levels);
        assert!(accepted(objects(64).as_bytes()));
        assert!(!accepted(objects(65).as_bytes()));
    }
}
