//! The menu of a row, a field or a name: by the secondary button, by a long touch, by the menu key or Shift+F10 on what has the
//! focus, and by a screen reader. It costs nothing until it is open.

use super::open_command::open_command;
use crate::app::{App, AskIntent, Intent, ListIntent, Pinned, ViewIntent};
use crate::record::{Revision, StreamName};
use egui::{Button, Key, Modifiers, Popup, Response, SetOpenCommand, Ui, accesskit};

/// The lines of a menu that is open.
pub struct Menu<'a> {
    ui: &'a mut Ui,
    out: &'a mut Vec<Intent>,
}

impl Menu<'_> {
    /// A line that does this.
    pub fn item(&mut self, name: &str, intent: impl FnOnce() -> Intent) {
        self.item_unless(name, None, || vec![intent()]);
    }

    /// A line that copies a text.
    pub fn copy(&mut self, name: &str, text: impl FnOnce() -> String) {
        self.item(name, || Intent::View(ViewIntent::Copy(text())));
    }

    /// A line that is grey where something is against it, which hovering says.
    pub fn item_unless(&mut self, name: &str, why_not: Option<&str>, intents: impl FnOnce() -> Vec<Intent>) {
        let line = self.ui.add_enabled(why_not.is_none(), Button::new(name));
        let line = match why_not {
            Some(why) => line.on_disabled_hover_text(why),
            None => line,
        };
        if line.clicked() {
            self.out.extend(intents());
            self.ui.close();
        }
    }

    /// A line that can be ticked; the menu stays open.
    pub fn check(&mut self, name: &str, mut is_on: bool, intent: impl FnOnce() -> Intent) {
        if self.ui.checkbox(&mut is_on, name).changed() {
            self.out.push(intent());
        }
    }

    pub fn separator(&mut self) {
        self.ui.separator();
    }

    /// What is done with a stream by its name, wherever it stands.
    pub fn stream(&mut self, app: &App, stream: &StreamName) {
        let is_open = app.opened().is_some_and(|opened| opened.stream() == stream);
        let why_not = is_open.then_some("This stream is open");
        self.item_unless("Open the stream", why_not, || {
            vec![Intent::View(ViewIntent::CloseDialog), Intent::List(ListIntent::Select(stream.clone()))]
        });
        let why_not = match app.list().find(stream) {
            None => Some("Only a stream of the list has a state to compare with"),
            Some(_) => app.opened().is_none().then_some("Open the other stream first"),
        };
        self.item_unless("Compare with this", why_not, || {
            let pinned = Pinned::Stream(stream.clone());
            vec![Intent::View(ViewIntent::CloseDialog), Intent::Ask(AskIntent::Pin(pinned))]
        });
        self.separator();
        self.stream_name(app, stream, None);
    }

    /// What is copied of a stream by its name, and of a place in it.
    pub fn stream_name(&mut self, app: &App, stream: &StreamName, at: Option<Revision>) {
        self.copy("Copy stream name", || stream.as_str().to_owned());
        self.copy("Copy command that opens it", || open_command(app.target(), stream, at));
    }
}

/// Shows the menu of this widget where it was asked for; `name` is what a screen reader calls it.
pub fn context_menu(
    response: &Response,
    name: &str,
    out: &mut Vec<Intent>,
    lines: impl FnOnce(&mut Menu<'_>),
) {
    let is_asked = response.has_focus() && is_key_pressed(response);
    menu(response, name, is_asked, out, lines);
}

/// The same where what has no focus may be asked by the key, too: `is_asked` says that it was.
pub fn menu(
    response: &Response,
    name: &str,
    is_asked: bool,
    out: &mut Vec<Intent>,
    lines: impl FnOnce(&mut Menu<'_>),
) {
    let (ctx, id) = (&response.ctx, Popup::default_response_id(response));
    ctx.accesskit_node_builder(response.id, |node| node.add_action(accesskit::Action::ShowContextMenu));
    let by_reader = || {
        let action = accesskit::Action::ShowContextMenu;
        ctx.input(|input| input.has_accesskit_action_request(response.id, action))
    };
    let is_asked = is_asked || by_reader();
    if !is_asked && !response.secondary_clicked() && !Popup::is_id_open(ctx, id) {
        return;
    }
    let mut popup = Popup::context_menu(response).accessible_name(name);
    if is_asked {
        popup = popup.open_memory(Some(SetOpenCommand::Bool(true)));
    }
    // Without a pointer it hangs under its widget.
    if is_asked || (!response.secondary_clicked() && Popup::position_of_id(ctx, id).is_none()) {
        popup = popup.anchor(response);
    }
    popup.show(|ui| {
        ui.set_min_width(WIDTH);
        lines(&mut Menu { ui, out });
    });
}

/// Narrowest menu.
const WIDTH: f32 = 180.0;

/// Whether the key that opens a menu was pressed; it is taken.
pub fn is_key_pressed(response: &Response) -> bool {
    response.ctx.input_mut(|input| {
        input.consume_key(Modifiers::SHIFT, Key::F10) || input.consume_key(Modifiers::NONE, Key::Menu)
    })
}
