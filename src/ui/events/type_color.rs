//! The colour of an event type's mark.

use crate::aggregate::Schema;
use crate::ui::theme::Palette;
use egui::Color32;

/// The colour of an event type's mark: what its aggregate says, else one that the name always gets.
pub fn type_color(p: &Palette, schema: &Schema, event_type: &str) -> Color32 {
    match schema.event_tone(event_type) {
        Some(tone) => p.tone(tone).0,
        None if schema.events.is_empty() => {
            let hash = event_type
                .bytes()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
            p.types[hash as usize % p.types.len()]
        }
        None => p.faint,
    }
}
