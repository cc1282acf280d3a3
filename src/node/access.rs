//! Who may do what: `EventStoreDB`'s default rights, and what the `$acl` of a stream says instead.

use super::{
    log::{index::Index, rules::Acl},
    read::system_streams,
};
use std::sync::Arc;

/// The group whose members may do everything.
pub const ADMINS: &str = "$admins";
/// The role that everybody has who logged in.
const EVERYBODY: &str = "$all";
/// The group whose members may operate the node.
pub const OPS: &str = "$ops";

/// Somebody who logged in.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    pub name: String,
    pub groups: Vec<String>,
}

impl Member {
    fn has(&self, role: &str) -> bool {
        role == EVERYBODY || role == self.name || self.groups.iter().any(|g| g == role)
    }
}

/// Who calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Caller {
    /// Nobody: may ask for features, gossip and health.
    #[default]
    Anonymous,
    /// Anybody, where there is no access control.
    Trusted,
    Member(Arc<Member>),
}

/// What is done with a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Read,
    Write,
    Delete,
}

impl Caller {
    pub fn is_admin(&self) -> bool {
        match self {
            Caller::Anonymous => false,
            Caller::Trusted => true,
            Caller::Member(member) => member.has(ADMINS),
        }
    }

    pub fn is_operator(&self) -> bool {
        self.is_admin() || matches!(self, Caller::Member(member) if member.has(OPS))
    }

    /// Whether only the metadata that the stream is born with lets this caller read it.
    pub fn reads_by_birth(&self, stream: &str, index: &Index) -> bool {
        let name = stream.strip_prefix("$$").unwrap_or(stream);
        matches!(self, Caller::Member(_)) && !self.is_admin() && born_readable(name, index)
    }

    /// Metadata is read and written by rights of its own, and never deleted; nobody writes to `$all`.
    pub fn may(&self, action: Action, stream: &str, index: &Index) -> bool {
        let subject = stream.strip_prefix("$$");
        let forbidden = match action {
            Action::Read => false,
            Action::Write => stream == "$all",
            Action::Delete => stream == "$all" || subject.is_some(),
        };
        if forbidden || *self == Caller::Anonymous {
            return false;
        }
        let Caller::Member(member) = self else { return true };
        let name = subject.unwrap_or(stream);
        let acl = index.find(name).and_then(|s| s.rules.acl.as_deref());
        let of = |acl: &'_ Acl| {
            acl.roles(action, subject.is_some()).map(|roles| roles.iter().any(|r| member.has(r)))
        };
        let system = name.starts_with('$');
        if action == Action::Read && born_readable(name, index) {
            return true;
        }
        let default = if system { &index.defaults.system } else { &index.defaults.user };
        self.is_admin() || acl.and_then(of).or_else(|| of(default)).unwrap_or(!system)
    }
}

/// Computed streams are born with `$r` and `$mr` for everybody; metadata that somebody writes takes its place.
fn born_readable(name: &str, index: &Index) -> bool {
    let metadata = || index.find(name)?.twin.and_then(|twin| index.stream(twin));
    system_streams::computed(name) && metadata().is_none_or(|metadata| metadata.last < 0)
}

impl Acl {
    fn roles(&self, action: Action, metadata: bool) -> Option<&[String]> {
        let roles = match (action, metadata) {
            (Action::Read, false) => &self.read,
            (Action::Write, false) => &self.write,
            (Action::Delete, _) => &self.delete,
            (Action::Read, true) => &self.meta_read,
            (Action::Write, true) => &self.meta_write,
        };
        roles.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::log::{
        rules::{Defaults, Rules},
        stream::Stream,
    };

    fn member(name: &str, groups: &[&str]) -> Caller {
        let groups = groups.iter().map(ToString::to_string).collect();
        Caller::Member(Arc::new(Member { name: name.into(), groups }))
    }

    #[test]
    fn system_streams_are_for_admins() {
        let (index, ann, root) = (Index::default(), member("ann", &[]), member("root", &[ADMINS]));
        for stream in ["order-1", "$$order-1"] {
            assert!(ann.may(Action::Read, stream, &index) && ann.may(Action::Write, stream, &index));
        }
        for stream in ["$settings", "$$$settings", "$all"] {
            assert!(!ann.may(Action::Read, stream, &index) && root.may(Action::Read, stream, &index));
        }
        assert!(!Caller::Anonymous.may(Action::Read, "order-1", &index));
    }

    #[test]
    fn nobody_writes_to_all_or_deletes_metadata() {
        let (index, root) = (Index::default(), member("root", &[ADMINS]));
        for caller in [root, Caller::Trusted] {
            assert!(!caller.may(Action::Write, "$all", &index));
            assert!(!caller.may(Action::Delete, "$$order-1", &index));
        }
    }

    #[test]
    fn everybody_reads_a_computed_stream_until_its_metadata_says_otherwise() {
        let (mut index, ann) = (Index::default(), member("ann", &[]));
        for stream in ["$streams", "$ce-order", "$et-Paid", "$category-order", "$bc-1", "$$$ce-order"] {
            assert!(ann.may(Action::Read, stream, &index), "{stream}");
            assert!(!ann.may(Action::Write, stream, &index) && !ann.may(Action::Delete, stream, &index));
            assert!(!Caller::Anonymous.may(Action::Read, stream, &index), "{stream}");
        }
        index.put_stream(0, Stream { twin: Some(1), ..Stream::new("$ce-order".into()) });
        index.put_stream(1, Stream { twin: Some(0), last: 0, ..Stream::new("$$$ce-order".into()) });
        assert!(!ann.may(Action::Read, "$ce-order", &index) && !ann.may(Action::Read, "$$$ce-order", &index));
    }

    #[test]
    fn settings_change_what_holds_where_a_stream_says_nothing() {
        let said = br#"{"$userStreamAcl":{"$r":"$all","$w":"$writers"},"$systemStreamAcl":{"$r":["$ops"]}}"#;
        let mut index = Index { defaults: Defaults::parse(said), ..Index::default() };
        let rules = Rules::parse(br#"{"$acl":{"$w":"ann"}}"#);
        index.put_stream(0, Stream { rules, ..Stream::new("s".into()) });
        let (ann, eve, ops) = (member("ann", &[]), member("eve", &["$writers"]), member("ops", &["$ops"]));
        let may = |who: &Caller, action, stream| who.may(action, stream, &index);
        assert!(
            may(&ann, Action::Read, "t") && !may(&ann, Action::Write, "t") && may(&eve, Action::Write, "t")
        );
        assert!(
            may(&ann, Action::Write, "s") && !may(&eve, Action::Write, "s"),
            "a stream's own word counts first"
        );
        assert!(
            may(&ops, Action::Read, "$all")
                && !may(&ops, Action::Write, "$x")
                && !may(&ann, Action::Read, "$all")
        );
    }

    #[test]
    fn an_acl_takes_the_place_of_the_default_role_by_role() {
        let mut index = Index::default();
        let rules = Rules::parse(br#"{"$acl":{"$r":["ann","$readers"],"$w":"bob","$d":[],"$mr":"$all"}}"#);
        index.put_stream(0, Stream { rules, ..Stream::new("s".into()) });
        let rules = Rules::parse(br#"{"$acl":{"$r":"$all"}}"#);
        index.put_stream(1, Stream { rules, ..Stream::new("$news".into()) });
        let (ann, bob, eve) = (member("ann", &[]), member("bob", &["$readers"]), member("eve", &[]));
        let may = |who: &Caller, action, stream| who.may(action, stream, &index);
        assert!(
            may(&ann, Action::Read, "s") && may(&bob, Action::Read, "s") && !may(&eve, Action::Read, "s")
        );
        assert!(!may(&ann, Action::Write, "s") && may(&bob, Action::Write, "s"));
        assert!(!may(&bob, Action::Delete, "s") && may(&member("root", &[ADMINS]), Action::Delete, "s"));
        assert!(
            may(&eve, Action::Read, "$$s") && may(&eve, Action::Write, "$$s"),
            "what is not said is as by default"
        );
        assert!(may(&eve, Action::Read, "$news") && !may(&eve, Action::Write, "$news"));
    }
}
