//! Who writes and where, unless somebody says otherwise.

use crate::decision::Origin;

/// The user of this session and the machine's name.
pub fn here() -> Origin {
    let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let who = named("USER").or_else(|| named("USERNAME")).unwrap_or_else(|| "unknown".to_owned());
    Origin { who, place: gethostname::gethostname().to_string_lossy().into_owned() }
}
