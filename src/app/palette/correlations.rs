//! Correlation ids that no event of the open stream has.

use super::hit::{Hit, HitKind};
use super::sought::{Rank, Ranked, Sought};
use crate::app::intent::Intent;
use crate::app::related::RelatedIntent;
use uuid::Uuid;

/// A whole id; which events have it is known once it is looked for.
pub fn correlation(sought: &Sought<'_>) -> Option<Ranked> {
    let id = sought.text.trim();
    Uuid::try_parse(id).ok()?;
    let intent = Intent::Related(RelatedIntent::Correlation(id.into()));
    let effect = "looks for all events with this $correlationId, over all streams";
    Some((Rank::Unlisted, Hit::one(HitKind::Search, format!("Correlation {id}"), effect, intent)))
}
