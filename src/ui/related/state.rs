//! How far the search is, where its events come from, and what can be done.

use crate::app::{Intent, RelatedEvents, RelatedIntent, RelatedState};
use crate::record::plural;
use crate::sentences::{related_rest, related_source};
use crate::store::RelatedSource;
use crate::ui::failure::failure;
use crate::ui::theme::{self, Palette};
use egui::{Label, RichText, Ui};

/// `7 events in 3 streams`.
pub fn counts(related: &RelatedEvents) -> String {
    let lanes = related.lanes();
    let (events, streams) = (lanes.events().len() as u64, lanes.lanes().len() as u64);
    format!("{} in {}", plural(events, "event"), plural(streams, "stream"))
}

pub fn state_ui(ui: &mut Ui, p: &Palette, related: &RelatedEvents, out: &mut Vec<Intent>) {
    let said = |ui: &mut Ui, text: String| {
        ui.add(Label::new(RichText::new(text).size(theme::SMALL).color(p.dim)).wrap());
    };
    match related.state() {
        RelatedState::Looking => {
            ui.horizontal(|ui| {
                said(ui, format!("Looking… {} read", plural(related.looked(), "event")));
                if ui.button("Stop looking").clicked() {
                    out.push(Intent::Related(RelatedIntent::Stop));
                }
            });
        }
        RelatedState::Stopped => {
            said(ui, format!("Stopped after {}: there may be more.", plural(related.looked(), "event")));
        }
        RelatedState::Failed(why) => {
            ui.add(Label::new(RichText::new(failure(why)).color(p.red)).wrap());
        }
        RelatedState::Done(end) => {
            let source = match related.correlation() {
                Some(id) => related_source(&end.source, id, end.looked),
                None => "Read from $all, both ways from the event.".to_owned(),
            };
            let rest = related_rest(end).map(|rest| format!(" {rest}")).unwrap_or_default();
            said(ui, format!("{source}{rest}"));
        }
    }
    let misses_links = *related.source() == RelatedSource::NoLinks && !related.is_looking();
    let is_stopped = matches!(related.state(), RelatedState::Stopped) && related.correlation().is_some();
    if (misses_links || is_stopped) && ui.button("Look through $all").clicked() {
        out.push(Intent::Related(RelatedIntent::Scan));
    }
}
