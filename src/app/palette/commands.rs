//! What can be done by name: the commands of the window and of the aggregate, connections and categories.

use super::hit::{Hit, HitKind, Take};
use super::sought::{Rank, Ranked, Sought};
use crate::app::actions::{ACTIONS, Action, Entry};
use crate::app::categories::named_category;
use crate::app::intent::{CommandIntent, ConnectionIntent, Intent, ListIntent};
use crate::app::list::Fit;
use crate::record::{json, plural};

/// Categories that are offered; a longer text tells them apart.
const CATEGORIES: usize = 8;

/// Every command, while nothing is typed.
pub fn all(sought: &Sought<'_>) -> Vec<Ranked> {
    forms(sought).into_iter().chain(actions(sought)).map(|(_, hit)| (Rank::Fit(Fit::Value), hit)).collect()
}

/// The commands of the aggregate.
pub fn forms(sought: &Sought<'_>) -> Vec<Ranked> {
    let schema = sought.app.commanded().schema();
    let hit = |(at, label): (usize, &str)| {
        let fit = Fit::of(&label.to_lowercase(), &sought.low)?;
        let effect = format!("command of the {}; shows its form", json::safe(&schema.noun));
        let form = Intent::Command(CommandIntent::Form(at));
        Some((Rank::Fit(fit), Hit::one(HitKind::Command, json::safe(label), effect, form)))
    };
    schema.commands.iter().map(|form| &*form.label).enumerate().filter_map(hit).collect()
}

/// The commands of the window, but for the palette itself.
pub fn actions(sought: &Sought<'_>) -> Vec<Ranked> {
    let known = ACTIONS.iter().filter(|entry| entry.action != Action::Palette);
    known.filter_map(|entry| Some((Rank::Fit(fit(entry, &sought.low)?), action(sought, entry)))).collect()
}

fn fit(entry: &Entry, low: &str) -> Option<Fit> {
    let words = entry.words.iter().filter_map(|word| Fit::of(word, low)).min();
    let about = Fit::of(&entry.about.to_lowercase(), low).filter(|fit| *fit <= Fit::Word).map(|_| Fit::Value);
    Fit::of(&entry.name.to_lowercase(), low).into_iter().chain(words).chain(about).min()
}

fn action(sought: &Sought<'_>, entry: &Entry) -> Hit {
    let (effect, take) = match (sought.app.why_not(entry.action), entry.action.intent()) {
        (Some(why), _) => (why, Take::Nothing),
        (None, Some(intent)) => (entry.about, Take::Intents(vec![intent])),
        (None, None) => (entry.about, Take::Press(entry.action)),
    };
    Hit { chord: entry.chord, ..Hit::new(HitKind::Command, entry.name, effect, take) }
}

/// `staging` and `connect to staging` find the server of this name.
pub fn connections(sought: &Sought<'_>) -> Vec<Ranked> {
    let asked = sought.low.strip_prefix("connect to ").unwrap_or(&sought.low).trim();
    let named = sought.app.settings().recent.named();
    let fit = |name: &str| {
        let offered = "connect to".starts_with(asked).then_some(Fit::Within);
        Fit::of(&name.to_lowercase(), asked).or(offered)
    };
    let hit = |(name, known): (&str, &crate::app::connections::KnownConnection)| {
        let connect = Intent::Connection(ConnectionIntent::ConnectTo(known.key()));
        let title = format!("Connect to {}", json::safe(name));
        Some((Rank::Fit(fit(name)?), Hit::one(HitKind::Connection, title, json::safe(&known.url), connect)))
    };
    named.filter_map(hit).collect()
}

/// `account` and `category account` find the category.
pub fn categories(sought: &Sought<'_>) -> Vec<Ranked> {
    let typed = sought.text.trim();
    let start = "category ";
    let named = typed.get(..start.len()).filter(|typed| typed.eq_ignore_ascii_case(start));
    let asked = named.map_or(typed, |_| &typed[start.len()..]).trim();
    let low = asked.to_lowercase();
    let categories = sought.app.categories();
    let known = categories.matching(&low);
    let is_known = known.iter().any(|(name, _)| ***name == *asked);
    let new = named.and_then(|_| named_category(asked)).filter(|_| !is_known);
    let unseen = if categories.is_complete() { "no stream of it was seen" } else { "not counted yet" };
    let new = new.map(|name| (Fit::Within, category(name, unseen)));
    let known = known.into_iter().take(CATEGORIES).filter_map(|(name, streams)| {
        Some((Fit::of(&name.to_lowercase(), &low)?, category(name, &plural(streams, "stream"))))
    });
    known.chain(new).map(|(fit, hit)| (Rank::Fit(fit), hit)).collect()
}

fn category(name: &str, streams: &str) -> Hit {
    let list = Intent::List(ListIntent::Category(name.to_owned()));
    Hit::one(
        HitKind::Category,
        format!("Category {}", json::safe(name)),
        format!("lists it; {streams}"),
        list,
    )
}
