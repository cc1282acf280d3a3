//! Views of the list: its facets and the orders in which it can stand.

use super::hit::{Hit, HitKind};
use super::sought::{Rank, Ranked, Sought};
use crate::app::intent::{Intent, ListIntent};
use crate::app::list::{Facet, Fit, Sort};
use crate::record::{count, json};

/// `unpaid` and `show unpaid` find the facet.
pub fn facets(sought: &Sought<'_>) -> Vec<Ranked> {
    let list = sought.app.list();
    let asked = sought.low.strip_prefix("show ").unwrap_or(&sought.low).trim();
    let hit = |facet: Facet| {
        let label = list.facet_label(facet);
        let fit = Fit::of(&label.to_lowercase(), asked)?;
        let streams = format!("{} of {}", count(list.count(facet) as u64), count(list.len() as u64));
        let effect = format!("{streams} streams of the list; shows them alone");
        let show = Intent::List(ListIntent::Facet(facet));
        Some((Rank::Fit(fit), Hit::one(HitKind::Search, format!("Show {}", json::safe(label)), effect, show)))
    };
    list.facets().filter(|facet| *facet != Facet::All).filter_map(hit).collect()
}

/// `total` and `sort by total` find the order; the command table has that by name.
pub fn sorts(sought: &Sought<'_>) -> Vec<Ranked> {
    let list = sought.app.list();
    let asked = sought.low.strip_prefix("sort by ").unwrap_or(&sought.low).trim();
    let hit = |sort: Sort| {
        let label = list.sort_label(sort);
        let offered = "sort by".starts_with(asked).then_some(Fit::Within);
        let fit = Fit::of(&label.to_lowercase(), asked).or(offered)?;
        let effect = if list.sort() == sort { "as the list stands now" } else { "sorts the list" };
        let intent = Intent::List(ListIntent::Sort(sort));
        let title = format!("Sort by {}", json::safe(label));
        Some((Rank::Fit(fit), Hit::one(HitKind::Command, title, effect, intent)))
    };
    list.sorts().filter(|sort| *sort != Sort::Name).filter_map(hit).collect()
}
