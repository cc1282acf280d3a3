//! Keys that move the focus: what is pressed before one belongs to what has the focus, what is pressed after it to what then has.

use egui::{Context, Event, Key, RawInput};

/// Gives each key that moves the focus a frame of its own.
#[derive(Default)]
pub struct FocusSteps {
    later: Vec<Event>,
}

impl FocusSteps {
    /// Whether some input waits for the next frame.
    pub fn wait(ctx: &Context) -> bool {
        ctx.with_plugin(|steps: &mut Self| !steps.later.is_empty()).unwrap_or_default()
    }
}

impl egui::Plugin for FocusSteps {
    fn debug_name(&self) -> &'static str {
        "focus steps"
    }

    fn input_hook(&mut self, _ctx: &Context, input: &mut RawInput) {
        let mut events = std::mem::take(&mut self.later);
        events.append(&mut input.events);
        // Before it draws anything, egui gives up the focus where Escape is among the events.
        let key = events.iter().position(moves_focus);
        let end = key.map(|place| place.max(1)).filter(|end| *end < events.len());
        if let Some(end) = end {
            self.later = events.split_off(end);
        }
        input.events = events;
    }
}

fn moves_focus(event: &Event) -> bool {
    matches!(event, Event::Key { key: Key::Tab | Key::Enter | Key::Escape, pressed: true, .. })
}
