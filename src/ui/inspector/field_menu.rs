//! What can be done with a field of a state.

use crate::aggregate::Condition;
use crate::app::{Action, App, AskIntent, Intent, ListIntent, TimeIntent};
use crate::record::{Revision, json};
use crate::ui::context_menu::Menu;
use crate::ui::theme::Palette;
use crate::ui::widgets::named;
use egui::{Response, Role, Ui};
use std::sync::Arc;

/// A longer value makes no condition, in bytes.
const LONG: usize = 1_000;

/// The field whose menu it is.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub path: &'a Arc<str>,
    pub token: &'a Arc<str>,
}

/// Names a row that takes the focus only for its menu, and shows that it has it.
pub fn focused_ui(ui: &Ui, p: &Palette, row: &Response, path: &str) {
    named(row, Role::Row, &format!("Field {path}"));
    if row.has_focus() {
        let stroke = egui::Stroke::new(1.0, p.accent);
        ui.painter().rect_stroke(row.rect, 0.0, stroke, egui::StrokeKind::Inside);
    }
}

pub fn lines(menu: &mut Menu<'_>, app: &App, field: Asked<'_>, setter: Option<Revision>) {
    let Asked { path, token } = field;
    menu.copy("Copy value", || {
        json::token_text(token).unwrap_or(std::borrow::Cow::Borrowed(token)).into_owned()
    });
    menu.copy("Copy path", || path.to_string());
    let condition = condition(path, token);
    let why_not = condition.is_none().then_some("A condition cannot say this");
    let copy = condition.clone().unwrap_or_default();
    menu.item_unless("Copy as condition", why_not, || vec![Intent::View(crate::app::ViewIntent::Copy(copy))]);
    menu.item_unless("Filter the list by it", why_not, || {
        condition.map(|text| Intent::List(ListIntent::Filter(text))).into_iter().collect()
    });
    menu.separator();
    menu.item("History of this field", || Intent::Ask(AskIntent::Field(Some(path.clone()))));
    let why_not = setter.is_none().then_some("No event set it yet");
    menu.item_unless("Go to the event that set it", why_not, || {
        setter.map(|revision| Intent::Time(TimeIntent::GoTo(revision))).into_iter().collect()
    });
    menu.action(app, Action::Pin, "Compare this revision with others");
}

/// True where the field has this value: `Total == 99.90`.
fn condition(path: &str, token: &str) -> Option<String> {
    let is_scalar = !token.starts_with(['{', '[']) && token.len() <= LONG;
    let text = if is_scalar { format!("{path} == {token}") } else { format!("{path} exists") };
    let understood = Condition::parse(&text).ok()?;
    matches!(understood.fields(), [field] if field.as_str() == path).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::condition;

    #[test]
    fn a_field_becomes_a_condition_that_asks_exactly_it() {
        assert_eq!(condition("Total", "99.90").as_deref(), Some("Total == 99.90"));
        assert_eq!(condition("a.\"home town\"", "\"x y\"").as_deref(), Some("a.\"home town\" == \"x y\""));
        assert_eq!(condition("Lines", "[1,2]").as_deref(), Some("Lines exists"));
        assert_eq!(condition("a&&b", "1"), None, "a name that is read otherwise");
        assert_eq!(condition("problem", "true").as_deref(), Some("problem == true"));
    }
}
