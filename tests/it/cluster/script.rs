//! What befalls a cluster in one scenario, drawn from its seed.

use super::nodes::VOTERS;
use std::time::Duration;

/// splitmix64.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }

    fn one_of<T: Copy>(&mut self, values: &[T]) -> T {
        let at = self.below(values.len() as u64);
        values[usize::try_from(at).unwrap()]
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The leader's process dies, another one leads, and it comes back.
    KillLeader,
    /// The leader's process stops, another one leads, and it goes on as if it led still.
    HangLeader,
    Resign,
    /// The others do not hear the leader, which clients hear; another one leads.
    CutOffLeader,
    /// The same, and the others hear it again before they elect.
    CutOffBriefly,
    CutOffFollower,
    /// The leader stays alone.
    LoseQuorum,
    Lag,
    RestartAll,
    SlowNetwork,
    /// Clients hear nothing from a follower, which the others hear.
    HangFollower,
    /// Clients do not reach the leader, which leads on.
    HideLeader,
}

const FAULTS: [Fault; 12] = [
    Fault::KillLeader,
    Fault::HangLeader,
    Fault::Resign,
    Fault::CutOffLeader,
    Fault::CutOffBriefly,
    Fault::CutOffFollower,
    Fault::LoseQuorum,
    Fault::Lag,
    Fault::RestartAll,
    Fault::SlowNetwork,
    Fault::HangFollower,
    Fault::HideLeader,
];

/// One fault with its times.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub fault: Fault,
    /// Before it.
    pub after: Duration,
    /// Until the others notice.
    pub notice: Duration,
    /// Until they have elected.
    pub election: Duration,
    /// Until it is over.
    pub lasts: Duration,
    /// Which of those that may lead does then, and which follower it concerns.
    pub choice: usize,
    /// Whether the window is waited for before the next one.
    pub patient: bool,
}

#[derive(Debug, Clone)]
pub struct Script {
    pub seed: u64,
    /// Of all clients.
    pub options: &'static str,
    pub has_replica: bool,
    pub steps: Vec<Step>,
}

impl Script {
    pub fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let preference =
            dice.one_of(&["", "", "", "", "&nodePreference=follower", "&nodePreference=readOnlyReplica"]);
        let has_replica = preference.ends_with("Replica") || dice.below(4) == 0;
        let count = 1 + dice.below(3);
        let steps = (0..count).map(|_| Step {
            fault: dice.one_of(&FAULTS),
            after: dice.millis(0, 300),
            notice: dice.millis(10, 120),
            election: dice.millis(50, 300),
            lasts: dice.millis(100, 900),
            choice: usize::try_from(dice.below(VOTERS as u64 - 1)).unwrap(),
            patient: dice.below(4) > 0,
        });
        let steps = steps.collect();
        Self { seed, options: preference, has_replica, steps }
    }
}
