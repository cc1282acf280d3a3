//! The button that says where the events come from: which database, which node, in which role; opens the panel.

use super::connection_text::{self, Place};
use super::icon::{self, Icon};
use super::ids::connection_id;
use super::theme;
use super::widgets::elided;
use crate::app::{Action, App, Dialog, Intent};
use crate::record::json;
use crate::sentences;
use crate::store::Connection;
use egui::{FontId, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Between its parts, and beside them.
const GAP: f32 = 8.0;
const SIDE: f32 = 10.0;
/// Of the dot and of the sign that it opens.
const SIGN: f32 = 8.0;
/// An address that is cut shorter says nothing.
const SHORTEST: f32 = 90.0;
const WIDEST: f32 = 620.0;

/// At most so wide: the address is cut first, then left out.
pub fn connection_button_ui(ui: &mut Ui, app: &App, width: f32, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let status = connection_text::status(app, p);
    let name = connection_text::name(app);
    let address = json::safe(connection_text::address(app)).into_owned();
    let whole = [&*name, &*address, &*status.text].join(" ");
    let is_red = Place::of(app) == Place::Production || app.refused().is_some();
    let body = FontId::proportional(theme::BODY);
    let mut room = width.min(WIDEST) - 2.0 * (SIDE + SIGN + GAP);
    let tint = if is_red { p.red } else { p.text };
    let name = elided(ui, &name, body.clone(), tint, room);
    room -= name.size().x;
    let mut parts = vec![(name.size().x, name)];
    // As wide for every digit, so that a second that passes moves nothing.
    let digits = status.text.replace(|c: char| c.is_ascii_digit(), "0");
    let role = (!status.text.is_empty()).then(|| {
        let width = elided(ui, &digits, body.clone(), status.color, room - GAP).size().x;
        (width, elided(ui, &status.text, body, status.color, room - GAP))
    });
    room -= role.as_ref().map_or(0.0, |(width, _)| width + GAP);
    if room > SHORTEST + GAP && !address.is_empty() {
        let address = elided(ui, &address, theme::mono(theme::SMALL), p.dim, room - GAP);
        parts.push((address.size().x, address));
    }
    parts.extend(role);
    let inner: f32 = parts.iter().map(|(width, _)| width + GAP).sum();
    let (rect, _) = ui.allocate_exact_size(vec2(inner + 2.0 * (SIDE + SIGN) + GAP, 26.0), Sense::hover());
    let response = ui.interact(rect, connection_id(), Sense::click());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Button, true, Action::Connection.name());
        info.current_text_value = Some(whole.trim().to_owned());
        info
    });
    let open = app.dialog() == Some(&Dialog::Connection);
    let lit = response.hovered() || response.has_focus() || open;
    ui.painter().rect_filled(rect, 6.0, if lit { p.line } else { p.raise });
    if let Some(color) = app.known_connection().and_then(|known| known.color) {
        let bar = rect.with_max_x(rect.left() + 3.0).shrink2(vec2(0.0, 4.0));
        ui.painter().rect_filled(bar, 1.5, theme::connection_color(p, color));
    }
    let sign = |x: f32| Rect::from_center_size(pos2(x, rect.center().y), vec2(SIGN, SIGN));
    icon::paint(ui.painter(), sign(rect.left() + SIDE + SIGN / 2.0), Icon::Dot, status.dot);
    icon::paint(ui.painter(), sign(rect.right() - SIDE - SIGN / 2.0), Icon::Down, p.dim);
    let mut left = rect.left() + SIDE + SIGN + GAP;
    for (width, part) in parts {
        let top = rect.center().y - part.size().y / 2.0;
        ui.painter().galley(pos2(left, top), part, tint);
        left += width + GAP;
    }
    if response.clicked() {
        out.extend(Action::Connection.intent());
    }
    response.on_hover_text(json::safe(&format!("{}\n{}", whole.trim(), hint(app))));
}

/// Why it is as it is.
fn hint(app: &App) -> String {
    match app.connection() {
        Connection::Waiting { why, .. } => sentences::store_error(why),
        Connection::Online { refused: Some(why), .. } => sentences::denial(why),
        _ => app.guarded().map_or_else(
            || "Where the events come from: a click shows every node".to_owned(),
            |guarded| sentences::guarded(&guarded),
        ),
    }
}
