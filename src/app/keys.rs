//! Keys as the command table names them; the window knows which of its toolkit's they are.

/// A key as the table names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Space,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    Escape,
    F5,
    F11,
    /// A letter or digit, in upper case, or a sign.
    Sign(char),
}

/// A key with what is held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    pub key: Key,
    pub shift: bool,
    pub ctrl: bool,
}

impl Chord {
    pub(super) const fn plain(key: Key) -> Self {
        Self { key, shift: false, ctrl: false }
    }

    pub(super) const fn shift(key: Key) -> Self {
        Self { key, shift: true, ctrl: false }
    }

    pub(super) const fn ctrl(key: Key) -> Self {
        Self { key, shift: false, ctrl: true }
    }

    /// As it is written on the keyboard: `Shift N`.
    pub fn text(self) -> String {
        let key = match self.key {
            Key::Space => "Space",
            Key::Left => "←",
            Key::Right => "→",
            Key::Up => "↑",
            Key::Down => "↓",
            Key::Home => "Home",
            Key::End => "End",
            Key::Escape => "Esc",
            Key::F5 => "F5",
            Key::F11 => "F11",
            Key::Sign(sign) => return format!("{}{sign}", self.held()),
        };
        format!("{}{key}", self.held())
    }

    fn held(self) -> &'static str {
        match (self.ctrl, self.shift) {
            (true, _) => "Ctrl ",
            (false, true) => "Shift ",
            (false, false) => "",
        }
    }
}
