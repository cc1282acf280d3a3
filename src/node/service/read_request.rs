//! A read request, understood or refused.

use super::{
    convert::{self, Ids},
    status,
};
use crate::node::{
    proto::streams as pb,
    read::filter::{Filter, Pattern},
};
use pb::read_req::{Options, options as o};
use tonic::Status;

/// Where to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Start,
    End,
    /// A revision, or a position of `$all` as clients see it.
    At(u64),
}

pub enum Target {
    Stream { name: String, from: From },
    All { from: From, filter: Filter, interval: Option<u64> },
}

pub struct ReadRequest {
    pub target: Target,
    pub backwards: bool,
    /// `None` subscribes.
    pub count: Option<u64>,
    pub resolve: bool,
    pub ids: Ids,
    /// Whether the client wants first and last stream position.
    pub compatible: bool,
}

impl ReadRequest {
    pub fn new(request: pb::ReadReq) -> Result<ReadRequest, Status> {
        let options = request.options.ok_or_else(|| status::handler_exception("options are missing"))?;
        let ids = match options.uuid_option.as_ref().and_then(|u| u.content.as_ref()) {
            None => return Err(Status::invalid_argument("")),
            Some(o::uuid_option::Content::String(_)) => Ids::Text,
            Some(o::uuid_option::Content::Structured(_)) => Ids::Structured,
        };
        let backwards = options.read_direction() == o::ReadDirection::Backwards;
        allowed(&options, backwards)?;
        let count = match options.count_option {
            Some(o::CountOption::Count(n)) => Some(n),
            _ => None,
        };
        let target = match options.stream_option {
            Some(o::StreamOption::Stream(stream)) => stream_target(&stream, backwards, count)?,
            Some(o::StreamOption::All(all)) => all_target(&all, options.filter_option, count.is_none())?,
            None => return Err(status::missing_case("ReadReq+Types+Options+StreamOptionOneofCase")),
        };
        let compatible = options.control_option.is_some_and(|c| c.compatibility >= 1);
        Ok(ReadRequest { target, backwards, count, resolve: options.resolve_links, ids, compatible })
    }
}

/// The combinations that exist.
fn allowed(options: &Options, backwards: bool) -> Result<(), Status> {
    let stream = match options.stream_option {
        Some(o::StreamOption::Stream(_)) => "Stream",
        Some(o::StreamOption::All(_)) => "All",
        // Refused for that alone.
        None => return Ok(()),
    };
    let count = match options.count_option {
        Some(o::CountOption::Count(_)) => "Count",
        Some(o::CountOption::Subscription(_)) => "Subscription",
        None => "None",
    };
    let filter = match options.filter_option {
        Some(o::FilterOption::Filter(_)) => "Filter",
        Some(o::FilterOption::NoFilter(_)) => "NoFilter",
        None => "None",
    };
    let direction = if backwards { "Backwards" } else { "Forwards" };
    let fine = count != "None"
        && filter != "None"
        && !(stream == "Stream" && filter == "Filter")
        && !(count == "Subscription" && backwards);
    let text = format!("The combination of ({stream}, {count}, {direction}, {filter}) is invalid.");
    fine.then_some(()).ok_or_else(|| Status::invalid_argument(text))
}

fn stream_target(stream: &o::StreamOptions, backwards: bool, count: Option<u64>) -> Result<Target, Status> {
    use o::stream_options::RevisionOption as R;
    let name = convert::name(stream.stream_identifier.as_ref()).filter(|n| !n.is_empty());
    let name = name.ok_or_else(|| status::handler_exception("the stream has no name"))?;
    let from = match stream.revision_option {
        None => return Err(status::handler_exception("the start is missing")),
        Some(R::Start(_)) => From::Start,
        Some(R::End(_) | R::Revision(u64::MAX)) => From::End,
        Some(R::Revision(n)) if i64::try_from(n).is_err() => {
            return Err(status::handler_exception("the revision is too large"));
        }
        Some(R::Revision(n)) => From::At(n),
    };
    if count == Some(0) || (count.is_some() && from == From::End && !backwards) {
        return Err(Status::unknown("Unexpected ReadStreamResult: Error"));
    }
    Ok(Target::Stream { name, from })
}

fn all_target(
    all: &o::AllOptions,
    filter: Option<o::FilterOption>,
    subscribes: bool,
) -> Result<Target, Status> {
    use o::all_options::AllOption as A;
    let from = match all.all_option {
        None => return Err(status::handler_exception("the start is missing")),
        Some(A::Start(_)) => From::Start,
        Some(A::End(_)) => From::End,
        Some(A::Position(p)) if p.commit_position == u64::MAX && p.prepare_position == u64::MAX => From::End,
        Some(A::Position(p))
            if i64::try_from(p.commit_position).is_err() || p.commit_position < p.prepare_position =>
        {
            return Err(status::handler_exception("the position is invalid"));
        }
        Some(A::Position(p)) => From::At(p.commit_position),
    };
    let (filter, interval) = match filter {
        Some(o::FilterOption::Filter(f)) => understood(f, subscribes)?,
        _ => (Filter::Everything, None),
    };
    Ok(Target::All { from, filter, interval })
}

const FILTER: &str = "ReadReq+Types+Options+Types+FilterOptions";

fn understood(f: o::FilterOptions, subscribes: bool) -> Result<(Filter, Option<u64>), Status> {
    use o::filter_options::{Filter as F, Window as W};
    let window = match f.window {
        None => return Err(status::missing_case(&format!("{FILTER}+WindowOneofCase"))),
        Some(W::Max(0)) => return Err(Status::invalid_argument("The window of the filter is empty.")),
        Some(W::Max(n)) => u64::from(n),
        Some(W::Count(_)) => 32,
    };
    let pattern = |e: o::filter_options::Expression| {
        Pattern::new(&e.regex, e.prefix)
            .map_err(|e| status::handler_exception(&format!("the filter is invalid: {e}")))
    };
    let filter = match f.filter {
        None => {
            let name = if matches!(f.window, Some(W::Count(_))) { "count" } else { "max" };
            let window = if name == "max" { window.to_string() } else { "{ }".to_owned() };
            let interval = f.checkpoint_interval_multiplier;
            let sent = format!("{{ \"{name}\": {window}, \"checkpointIntervalMultiplier\": {interval} }}");
            return Err(status::invalid_case(&sent, FILTER));
        }
        Some(F::StreamIdentifier(e)) => Filter::Streams(pattern(e)?),
        Some(F::EventType(e)) => Filter::Types(pattern(e)?),
    };
    if subscribes && f.checkpoint_interval_multiplier == 0 {
        return Err(status::handler_exception("the checkpoint interval is zero"));
    }
    let interval = u64::from(f.checkpoint_interval_multiplier).saturating_mul(window);
    Ok((filter, subscribes.then_some(interval)))
}
