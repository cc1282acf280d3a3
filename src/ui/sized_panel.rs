//! A panel whose size a person drags. What was dragged is kept while the window has no room for it.

use crate::app::{App, Intent, SizedPanel, ViewIntent};
use egui::{Id, Panel, PanelState, Pos2, Rangef, Rect, Ui, Vec2, accesskit::Action};

/// Where it stands, how large it is until it is dragged, and how large it may be now.
pub struct Sized {
    pub panel: SizedPanel,
    pub default: f32,
    pub range: Rangef,
}

impl Sized {
    fn salt(&self) -> &'static str {
        match self.panel {
            SizedPanel::List => "streams",
            SizedPanel::Inspector => "inspector",
            SizedPanel::InspectorBelow => "inspector-below",
        }
    }

    /// Its size now.
    pub fn size(&self, app: &App) -> f32 {
        let size = app.settings().panel_sizes.get(self.panel).unwrap_or(self.default);
        size.clamp(self.range.min, self.range.max.max(self.range.min))
    }

    /// Answers where it stands.
    pub fn show(
        &self,
        ui: &mut Ui,
        app: &App,
        frame: egui::Frame,
        out: &mut Vec<Intent>,
        contents: impl FnOnce(&mut Ui, &mut Vec<Intent>),
    ) -> Rect {
        let (salt, size) = (self.salt(), self.size(app));
        let panel = match self.panel {
            SizedPanel::List => Panel::left(salt),
            SizedPanel::Inspector => Panel::right(salt),
            SizedPanel::InspectorBelow => Panel::bottom(salt),
        };
        // egui would go on with the size that it drew last.
        let id = ui.scope_id().with(salt);
        let outer_rect = Rect::from_min_size(Pos2::ZERO, Vec2::splat(size));
        ui.data_mut(|data| data.insert_persisted(id, PanelState { outer_rect }));
        let panel = panel.size_range(self.range).resizable(true).frame(frame);
        let shown = panel.show(ui, |ui| {
            // A panel shrinks to what is in it.
            ui.take_available_space();
            contents(ui, out);
        });
        let rect = shown.response.rect;
        if is_dropped(ui, id.with("__resize")) {
            let is_high = matches!(self.panel, SizedPanel::InspectorBelow);
            let size = if is_high { rect.height() } else { rect.width() };
            out.push(Intent::View(ViewIntent::PanelSize(self.panel, size)));
        }
        rect
    }
}

/// Whether its edge was dragged and let go, or moved by a screen reader.
fn is_dropped(ui: &Ui, edge: Id) -> bool {
    let by_reader = || {
        let actions = [Action::Increment, Action::Decrement, Action::SetValue];
        ui.input(|input| actions.iter().any(|&action| input.has_accesskit_action_request(edge, action)))
    };
    ui.read_response(edge).is_some_and(|edge| edge.drag_stopped()) || by_reader()
}
