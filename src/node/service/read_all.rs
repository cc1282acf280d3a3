//! Answers of a read of `$all`, finite or going on.

use super::{
    read_request::{From, ReadRequest},
    response_stream::{Ended, ResponseStream, caught_up, checkpoint, confirmation},
    status,
};
use crate::node::{
    log::{Log, STEP, outside},
    proto::streams::read_resp as r,
    read::{
        filter::{Filter, Matcher},
        page::PAGE,
        scan::{Mark, Scan},
    },
};
use tonic::Status;

/// A finite read.
pub async fn read(
    mut out: ResponseStream,
    plan: ReadRequest,
    from: From,
    filter: Filter,
) -> Result<(), Ended> {
    let from = within(&out.log, from);
    let head = out.log.head().position;
    let filtered = !matches!(filter, Filter::Everything);
    let what = if filtered { "FilteredReadAllResult" } else { "ReadAllResult" };
    let end = outside(head + 1);
    let at = match (from, plan.backwards) {
        (From::At(at), _) if at < end && !begins(&mut out, at).await? => {
            return out.fail(Status::unknown(format!("Unexpected {what}: InvalidPosition"))).await;
        }
        (From::At(at), true) if at > end => {
            return out.fail(Status::unknown(format!("Unexpected {what}: Error"))).await;
        }
        (From::Start, false) => STEP,
        (From::Start, true) | (From::End, false) => return out.end(Vec::new()).await,
        (From::End, true) => end,
        (From::At(at), _) => at,
    };
    let mut left = usize::try_from(plan.count.unwrap_or(0)).unwrap_or(usize::MAX);
    let matcher = Matcher::new(filter);
    let mut scan =
        Scan { matcher, at, backwards: plan.backwards, resolve: plan.resolve, interval: None, considered: 0 };
    while left > 0 {
        let (kept, (page, end)) = step(&mut out, scan, left).await?;
        scan = kept;
        left -= page.len().min(left);
        if end || left == 0 {
            return out.end(page).await;
        }
        out.send(page).await?;
    }
    out.end(Vec::new()).await
}

/// A subscription; it ends with a status, never well.
pub async fn subscribe(
    mut out: ResponseStream,
    plan: ReadRequest,
    from: From,
    filter: Filter,
    interval: Option<u64>,
) -> Result<(), Ended> {
    let from = within(&out.log, from);
    let head = out.log.head().position;
    let start = match from {
        From::Start => 0,
        From::End => outside(head + 1) - 1,
        From::At(at) => at,
    };
    out.send(vec![confirmation()]).await?;
    if let From::At(at) = from
        && at < outside(head + 1)
        && !begins(&mut out, at).await?
    {
        return out.fail(Status::invalid_argument("Trying to read from an invalid position.")).await;
    }
    let matcher = Matcher::new(filter);
    let mut scan =
        Scan { matcher, at: start + 1, backwards: false, resolve: plan.resolve, interval, considered: 0 };
    let (mut live, mut marked) = (false, start);
    loop {
        let (kept, (page, end)) = step(&mut out, scan, PAGE).await?;
        scan = kept;
        if let Some(r::Content::Checkpoint(last)) =
            page.iter().rfind(|c| matches!(c, r::Content::Checkpoint(_)))
        {
            marked = last.commit_position;
        }
        out.send(page).await?;
        if !end {
            continue;
        }
        // The last record that was looked at.
        let seen = (scan.at.max(STEP) - 1) / STEP;
        if !live {
            live = true;
            let last = last_place(&mut out, seen).await?;
            let mark = interval.filter(|_| last > marked).map(|_| checkpoint(last));
            out.send(mark.into_iter().collect()).await?;
            out.send(vec![caught_up(None, (last > 0).then_some(last))]).await?;
        }
        out.grown(seen).await?;
    }
}

/// From where in the log, where that has its records' own positions.
fn within(log: &Log, from: From) -> From {
    match (from, &log.index().places) {
        (From::At(at), Some(places)) => From::At(places.place(at)),
        _ => from,
    }
}

/// Whether a record begins at this place.
async fn begins(out: &mut ResponseStream, at: u64) -> Result<bool, Ended> {
    // Without a look at links where there is none.
    if at.is_multiple_of(STEP) {
        return Ok(true);
    }
    let ((), begins) = out.read((), move |(), log| Ok(log.linked()?.begins(at))).await?;
    Ok(begins)
}

/// Of the last record up to this one that there is.
async fn last_place(out: &mut ResponseStream, record: u64) -> Result<u64, Ended> {
    let read = move |(): &mut (), log: &Log| Ok(log.linked()?.last_place(record.min(log.head().position)));
    let ((), place) = out.read((), read).await?;
    Ok(place)
}

async fn step(
    out: &mut ResponseStream,
    scan: Scan,
    limit: usize,
) -> Result<(Scan, (Vec<r::Content>, bool)), Ended> {
    let (scan, page) = out.read(scan, move |s, log| s.page(log, limit)).await?;
    let Ok((marks, end)) = page else {
        return out.fail(status::handler_exception("the regular expression takes too long")).await;
    };
    let page = marks.into_iter().map(|mark| match mark {
        Mark::Event(item) => out.event(item),
        Mark::Checkpoint(at) => checkpoint(at),
    });
    Ok((scan, (page.collect(), end)))
}
