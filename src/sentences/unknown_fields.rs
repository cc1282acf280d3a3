//! Fields of a condition that no stream has.

/// Each with the one that may be meant; `None` where there are none.
pub fn unknown_fields<'a>(fields: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Option<String> {
    let (names, near): (Vec<_>, Vec<_>) = fields.unzip();
    let near: Vec<_> = near.into_iter().flatten().collect();
    let meant = if near.is_empty() { String::new() } else { format!(" Is {} meant?", near.join(" and ")) };
    (!names.is_empty()).then(|| format!("No stream listed has a field {}.{meant}", names.join(" or ")))
}
