//! Answers of a read of one stream, finite or going on.

use super::{
    convert,
    read_request::{From, ReadRequest, Target},
    response_stream::{Ended, ResponseStream, caught_up, confirmation},
    status,
};
use crate::node::{
    log::{Log, Record},
    proto::streams::read_resp as r,
    read::{
        events,
        page::{Ask, Item, PAGE, View},
        stream::StoredStream,
    },
};

/// Numbers that the real server looks at in its first page.
const FIRST_PAGE: u64 = 32;

fn number(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A finite read whose answer is in memory; `None` where it must be read.
pub fn remembered(log: &Log, plan: &ReadRequest) -> Option<Vec<r::Content>> {
    let (count, Target::Stream { name, from }) = (plan.count?, &plan.target) else { return None };
    let view = events::view(&log.index(), name);
    let View::Live { last, .. } = view else { return None };
    let (from, limit) = (number_of(*from), usize::try_from(count).unwrap_or(usize::MAX));
    let ask = Ask { from, backwards: plan.backwards, limit, resolve: plan.resolve, hidden: false };
    let items = StoredStream::new(name.clone()).remembered(log, ask)?;
    let next = items.last().and_then(Item::original).map(|record| after(record, plan.backwards));
    let is_whole = next.is_none_or(|next| items.len() >= limit || is_over(next, last, plan.backwards));
    // Positions that a log came with are put in where the pages are sent.
    if !is_whole || log.index().places.is_some() {
        return None;
    }
    let mut page: Vec<_> = skipped(plan, from, view, items.first(), count)
        .map(r::Content::FirstStreamPosition)
        .into_iter()
        .collect();
    page.extend(items.into_iter().map(|item| r::Content::Event(convert::event(item, plan.ids))));
    page.extend(plan.compatible.then(|| r::Content::LastStreamPosition(last.cast_unsigned())));
    Some(page)
}

fn number_of(from: From) -> i64 {
    match from {
        From::Start => 0,
        From::End => i64::MAX,
        From::At(n) => number(n),
    }
}

/// Where a read goes on after this record.
fn after(record: &Record, backwards: bool) -> i64 {
    let revision = record.body.revision;
    if backwards { revision - 1 } else { revision.saturating_add(1) }
}

fn is_over(next: i64, last: i64, backwards: bool) -> bool {
    next < 0 || (!backwards && next > last)
}

/// A finite read.
pub async fn read(mut out: ResponseStream, plan: ReadRequest, name: String, from: From) -> Result<(), Ended> {
    let lines = StoredStream::new(name);
    let count = plan.count.unwrap_or(0);
    let (back, resolve) = (plan.backwards, plan.resolve);
    let mut at = number_of(from);
    let mut left = usize::try_from(count).unwrap_or(usize::MAX);
    let (mut lines, (view, items)) =
        out.read(lines, move |l, log| first(l, log, at, left, back, resolve)).await?;
    let last = match view {
        View::Tombstoned => return out.fail(status::stream_deleted(&lines.name)).await,
        View::Missing(_) => {
            let stream_identifier = Some(convert::identifier(&lines.name));
            return out.end(vec![r::Content::StreamNotFound(r::StreamNotFound { stream_identifier })]).await;
        }
        View::Live { last, .. } => last,
    };
    let mut page = Vec::new();
    if let Some(next) = skipped(&plan, at, view, items.first(), count) {
        page.push(r::Content::FirstStreamPosition(next));
    }
    let mut items = items;
    while let Some(next) = items.last().and_then(Item::original).map(|record| after(record, back)) {
        left -= items.len().min(left);
        page.extend(items.into_iter().map(|i| out.event(i)));
        at = next;
        if left == 0 || is_over(at, last, back) {
            break;
        }
        out.send(std::mem::take(&mut page)).await?;
        (lines, (_, items)) = out.read(lines, move |l, log| first(l, log, at, left, back, resolve)).await?;
    }
    page.extend(plan.compatible.then(|| r::Content::LastStreamPosition(last.cast_unsigned())));
    out.end(page).await
}

type Seen = (View, Vec<Item>);

fn first(
    lines: &StoredStream,
    log: &Log,
    from: i64,
    limit: usize,
    backwards: bool,
    resolve: bool,
) -> rusqlite::Result<Seen> {
    let view = lines.view(log)?;
    let items = match view {
        View::Live { .. } => lines.page(log, Ask { from, backwards, limit, resolve, hidden: false })?,
        _ => Vec::new(),
    };
    Ok((view, items))
}

/// What `first_stream_position` says, where it is due: the first page held nothing visible.
fn skipped(plan: &ReadRequest, from: i64, view: View, found: Option<&Item>, count: u64) -> Option<u64> {
    let View::Live { last, .. } = view else { return None };
    if !plan.compatible || plan.backwards {
        return None;
    }
    let page_end = from.saturating_add(number(count.min(FIRST_PAGE)) - 1);
    let found = found.and_then(Item::original).map(|r| r.body.revision);
    let next = found.unwrap_or(last.saturating_add(1));
    (found.is_none_or(|n| n > page_end) && next != from).then_some(next.cast_unsigned())
}

/// A subscription; it ends with a status, never well.
pub async fn subscribe(
    mut out: ResponseStream,
    plan: ReadRequest,
    name: String,
    from: From,
) -> Result<(), Ended> {
    let lines = StoredStream::new(name);
    let (mut lines, view) = out.read(lines, |l, log| l.view(log)).await?;
    let end = match view {
        View::Tombstoned => return out.fail(status::stream_deleted(&lines.name)).await,
        View::Live { last, .. } | View::Missing(last) => last,
    };
    let mut next = match from {
        From::Start => 0,
        From::End => end + 1,
        From::At(n) => number(n).saturating_add(1),
    };
    out.send(vec![confirmation()]).await?;
    let resolve = plan.resolve;
    let mut live = false;
    loop {
        let seen = out.log.head().position;
        let hidden = live;
        let at = next;
        let (kept, (view, items)) = out
            .read(lines, move |l, log| {
                let view = l.view(log)?;
                let ask = Ask { from: at, backwards: false, limit: PAGE, resolve, hidden };
                let wanted = hidden || matches!(view, View::Live { .. });
                Ok((view, if wanted { l.page(log, ask)? } else { Vec::new() }))
            })
            .await?;
        lines = kept;
        if let Some(last) = items.last().and_then(Item::original) {
            next = last.body.revision.saturating_add(1);
            let page = items.into_iter().map(|i| out.event(i)).collect();
            out.send(page).await?;
            continue;
        }
        let last = match view {
            View::Tombstoned => return entombed(out, lines).await,
            View::Live { last, .. } => Some(last),
            View::Missing(_) => None,
        };
        if !live {
            live = true;
            // What is hidden now stays so; what comes is sent whatever the metadata says.
            next = next.max(end + 1).max(last.map_or(0, |n| n + 1));
            out.send(vec![caught_up(last, None)]).await?;
        }
        out.grown(seen).await?;
    }
}

/// The stream was ended under the subscription: its last event, then why nothing more comes.
async fn entombed(mut out: ResponseStream, lines: StoredStream) -> Result<(), Ended> {
    let (lines, last) = out.read(lines, |l, log| l.tombstone(log)).await?;
    let page = last.into_iter().map(|i| out.event(i)).collect();
    out.send(page).await?;
    out.fail(status::stream_deleted(&lines.name)).await
}
