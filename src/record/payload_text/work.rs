//! What the parts share: whether to go on, and places as numbers of 32 bits.

/// Bytes after which it is asked whether the work is still wanted.
pub const CHECKED: usize = 1 << 16;

/// Whether the work is still wanted.
pub type Wanted<'a> = &'a dyn Fn() -> bool;

pub fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
