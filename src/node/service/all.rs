//! Answers of a read of `$all`, finite or going on.

use super::{
    outlet::{Ended, Outlet, caught_up, checkpoint, confirmation},
    plan::{From, Plan},
    status,
};
use crate::node::{
    filter::{Filter, Matcher},
    log::{
        STEP,
        pages::{Mark, PAGE, Scan},
    },
    proto::streams::read_resp as r,
};
use tonic::Status;

/// A finite read.
pub async fn read(mut out: Outlet, plan: Plan, from: From, filter: Filter) -> Result<(), Ended> {
    let head = out.log.head().position;
    let filtered = !matches!(filter, Filter::Everything);
    let what = if filtered { "FilteredReadAllResult" } else { "ReadAllResult" };
    let at = match (from, plan.backwards) {
        (From::Between(at), _) if at <= head => {
            return out.fail(Status::unknown(format!("Unexpected {what}: InvalidPosition"))).await;
        }
        (From::Between(_), true) => {
            return out.fail(Status::unknown(format!("Unexpected {what}: Error"))).await;
        }
        (From::Start, false) => 1,
        (From::Start, true) | (From::End | From::Between(_), false) => return Ok(()),
        (From::End, true) => head + 1,
        (From::At(at), true) if at > head + 1 => {
            return out.fail(Status::unknown(format!("Unexpected {what}: Error"))).await;
        }
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
        out.send(page).await?;
        if end {
            break;
        }
    }
    Ok(())
}

/// A subscription; it ends with a status, never well.
pub async fn subscribe(
    mut out: Outlet,
    plan: Plan,
    from: From,
    filter: Filter,
    interval: Option<u64>,
) -> Result<(), Ended> {
    let head = out.log.head().position;
    let start = match from {
        From::Start => 0,
        From::End => head,
        From::At(at) | From::Between(at) => at,
    };
    out.send(vec![confirmation()]).await?;
    if matches!(from, From::Between(at) if at <= head) {
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
            marked = last.commit_position / STEP;
        }
        out.send(page).await?;
        if !end {
            continue;
        }
        let seen = (scan.at - 1).max(start);
        if !live {
            live = true;
            let last = interval.filter(|_| seen > marked).map(|_| checkpoint(seen));
            out.send(last.into_iter().collect()).await?;
            let position = out.log.head().position.min(seen);
            out.send(vec![caught_up(None, (position > 0).then_some(position))]).await?;
        }
        out.grown(seen).await?;
    }
}

async fn step(out: &mut Outlet, scan: Scan, limit: usize) -> Result<(Scan, (Vec<r::Content>, bool)), Ended> {
    let (scan, page) = out.read(scan, move |s, log| s.page(log, limit)).await?;
    let Ok((marks, end)) = page else {
        return out.fail(status::thrown("the regular expression takes too long")).await;
    };
    let page = marks.into_iter().map(|mark| match mark {
        Mark::Event(item) => out.event(item),
        Mark::Checkpoint(at) => checkpoint(at),
    });
    Ok((scan, (page.collect(), end)))
}
