//! Numbers as the server writes them into a state.

use std::fmt::Write;

/// More digits before the point than these are written with an exponent.
const MOST_DIGITS: i32 = 17;

/// The shortest digits that read back as the same number, in the server's notation: `1E+21`, `1E-07`, `-0`.
pub fn push(out: &mut String, value: f64) {
    if value == 0.0 {
        return out.push_str(if value.is_sign_negative() { "-0" } else { "0" });
    }
    let scientific = format!("{:e}", value.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.replace('.', "");
    if value < 0.0 {
        out.push('-');
    }
    // The place of the point, counted from the first digit.
    let point = exponent + 1;
    if !(-3..=MOST_DIGITS).contains(&point) {
        out.push_str(mantissa);
        let sign = if exponent < 0 { '-' } else { '+' };
        // Writing to a string cannot fail.
        if write!(out, "E{sign}{:02}", exponent.unsigned_abs()).is_err() {
            out.push('0');
        }
        return;
    }
    let length = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    if point <= 0 {
        out.push_str("0.");
        (point..0).for_each(|_| out.push('0'));
        out.push_str(&digits);
    } else if point >= length {
        out.push_str(&digits);
        (length..point).for_each(|_| out.push('0'));
    } else {
        let (whole, rest) = digits.split_at(usize::try_from(point).unwrap_or(0));
        out.push_str(whole);
        out.push('.');
        out.push_str(rest);
    }
}

/// A whole number, without an allocation of its own.
pub fn push_whole(out: &mut String, value: i32) {
    let mut bytes = [b'0'; 10];
    let (mut from, mut rest) = (bytes.len(), value.unsigned_abs());
    loop {
        from -= 1;
        bytes[from] += u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push('-');
    }
    out.push_str(std::str::from_utf8(&bytes[from..]).unwrap_or("0"));
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_are_written_as_the_server_does() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.1, "1.1"),
            (-12.5, "-12.5"),
            (1e15, "1000000000000000"),
            (1e16, "10000000000000000"),
            (1e17, "1E+17"),
            (1e21, "1E+21"),
            (1.5e300, "1.5E+300"),
            (1e-4, "0.0001"),
            (1e-5, "1E-05"),
            (1.25e-7, "1.25E-07"),
            (1.0 / 3.0, "0.3333333333333333"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9_007_199_254_740_992.0, "9007199254740992"),
        ] {
            let mut out = String::new();
            super::push(&mut out, value);
            assert_eq!(out, text);
        }
    }
}
