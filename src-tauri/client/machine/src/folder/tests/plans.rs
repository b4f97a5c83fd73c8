//! Laws over plans by chance: whatever three people do, whatever is interrupted or dies, in the end all have the same, and
//! nothing that anybody wrote is gone.

use super::server::Server;
use super::world::Computer;
use proptest::prelude::*;
use std::collections::BTreeSet;

const COMPUTERS: usize = 3;
/// Rounds after which everything must have come to rest.
const ROUNDS_MAX: usize = 60;

/// Plans of one run; `POD_PLANS` for a longer one.
fn cases() -> u32 {
    std::env::var("POD_PLANS").ok().and_then(|plans| plans.parse().ok()).unwrap_or(250)
}

#[derive(Clone, Debug)]
enum Deed {
    Write { who: usize, path: String, in_place: bool },
    Make { who: usize, path: String },
    Delete { who: usize, path: String },
    Rename { who: usize, from: String, to: String },
    Plan { who: usize, quiet: bool },
    Steps { who: usize, count: usize },
    Transfers { who: usize, count: usize },
    Crash { who: usize },
    Settle { who: usize },
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-d]", 4 => "[a-d]/[a-d]", 1 => "[a-c]/[a-c]/[a-c]"]
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let who = || 0..COMPUTERS;
    let deed = prop_oneof![
        8 => (who(), path(), any::<bool>())
            .prop_map(|(who, path, in_place)| Deed::Write { who, path, in_place }),
        4 => (who(), path()).prop_map(|(who, path)| Deed::Make { who, path }),
        3 => (who(), path()).prop_map(|(who, path)| Deed::Delete { who, path }),
        6 => (who(), path(), path()).prop_map(|(who, from, to)| Deed::Rename { who, from, to }),
        8 => (who(), any::<bool>()).prop_map(|(who, quiet)| Deed::Plan { who, quiet }),
        8 => (who(), 1..6_usize).prop_map(|(who, count)| Deed::Steps { who, count }),
        6 => (who(), 1..4_usize).prop_map(|(who, count)| Deed::Transfers { who, count }),
        2 => who().prop_map(|who| Deed::Crash { who }),
        3 => who().prop_map(|who| Deed::Settle { who }),
    ];
    prop::collection::vec(deed, 0..90)
}

#[derive(Clone, Debug)]
struct Town {
    server: Server,
    computers: Vec<Computer>,
    /// What somebody wrote, and nobody threw away before anybody else had it.
    written: BTreeSet<String>,
}

impl Town {
    fn new() -> Self {
        let computers = ["amy", "bob", "cho"].map(Computer::new).to_vec();
        Self { server: Server::default(), computers, written: BTreeSet::new() }
    }

    fn everywhere(&self) -> BTreeSet<String> {
        let server = self.server.entries.values().flat_map(|kept| kept.versions.clone());
        let disks = self.computers.iter().flat_map(|computer| computer.tree().into_values());
        server.chain(disks).collect()
    }

    /// What a person threw away with their own hands, and nobody else has, is gone.
    fn thrown_away(&mut self, contents: impl IntoIterator<Item = String>) {
        let everywhere = self.everywhere();
        for content in contents {
            if !everywhere.contains(&content) {
                self.written.remove(&content);
            }
        }
    }

    fn perform(&mut self, deed: Deed) {
        match deed {
            Deed::Write { who, path, in_place } => {
                if let Some((content, before)) = self.computers[who].write(&path, in_place) {
                    self.written.insert(content);
                    self.thrown_away(before);
                }
            }
            Deed::Make { who, path } => drop(self.computers[who].make(&path)),
            Deed::Delete { who, path } => {
                let gone = self.computers[who].delete(&path);
                self.thrown_away(gone);
            }
            Deed::Rename { who, from, to } => drop(self.computers[who].rename(&from, &to)),
            Deed::Plan { who, quiet } => drop(self.computers[who].plan(&self.server, quiet)),
            Deed::Steps { who, count } => {
                (0..count).for_each(|_| _ = self.computers[who].step(&mut self.server));
            }
            Deed::Transfers { who, count } => {
                (0..count).for_each(|_| _ = self.computers[who].transfer(&mut self.server));
            }
            Deed::Crash { who } => self.computers[who].crash(),
            Deed::Settle { who } => drop(self.round(who)),
        }
    }

    /// One undisturbed round; whether something was done.
    fn round(&mut self, who: usize) -> bool {
        let computer = &mut self.computers[who];
        let mut did = false;
        while computer.transfer(&mut self.server) {
            did = true;
        }
        let plan = computer.plan(&self.server, true);
        if computer.question.is_some() {
            computer.allow();
            did = true;
        }
        while computer.step(&mut self.server) {}
        did || !plan.operations.is_empty()
    }

    /// Everybody goes on until nobody has anything to do.
    fn rest(&mut self) -> bool {
        (0..ROUNDS_MAX).any(|_| {
            let did: Vec<bool> = (0..COMPUTERS).map(|who| self.round(who)).collect();
            !did.contains(&true)
        })
    }
}

fn run(plan: Vec<Deed>) -> Town {
    let mut town = Town::new();
    for deed in plan {
        town.perform(deed);
    }
    town
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn in_the_end_all_have_the_same_and_nothing_that_anybody_wrote_is_gone(plan in deeds()) {
        let mut town = run(plan);
        let before = town.everywhere();
        prop_assert!(town.written.is_subset(&before), "lost on the way: {:?}", town.written.difference(&before));
        prop_assert!(town.rest(), "no rest: {:?}", town.computers.iter().map(|c| &c.pending).collect::<Vec<_>>());
        let there = town.server.tree();
        for computer in &town.computers {
            prop_assert_eq!(&computer.tree(), &there);
            prop_assert_eq!(&computer.alone, &vec![]);
        }
        let after = town.everywhere();
        prop_assert!(town.written.is_subset(&after), "gone: {:?}", town.written.difference(&after));
    }

    #[test]
    fn a_first_link_deletes_nothing_on_either_side(plan in deeds(), others in deeds()) {
        let mut town = run(plan);
        town.rest();
        let before = town.server.tree();
        // A computer that has a tree of its own, and was never linked.
        let mut newcomer = Computer::new("dan");
        for deed in others {
            match deed {
                Deed::Write { path, .. } => drop(newcomer.write(&path, true)),
                Deed::Make { path, .. } => drop(newcomer.make(&path)),
                Deed::Delete { .. } | Deed::Rename { .. } | Deed::Plan { .. } | Deed::Steps { .. }
                | Deed::Transfers { .. } | Deed::Crash { .. } | Deed::Settle { .. } => {}
            }
        }
        let own: BTreeSet<String> = newcomer.tree().into_values().collect();
        for _ in 0..ROUNDS_MAX {
            let plan = newcomer.plan(&town.server, true);
            prop_assert_eq!(&newcomer.question, &None);
            if plan.operations.is_empty() {
                break;
            }
            while newcomer.step(&mut town.server) {}
            while newcomer.transfer(&mut town.server) {}
        }
        let there = town.server.tree();
        prop_assert_eq!(&newcomer.tree(), &there);
        let contents: BTreeSet<String> = there.values().cloned().collect();
        prop_assert!(own.is_subset(&contents));
        for (path, content) in before {
            prop_assert_eq!(there.get(&path), Some(&content), "{}", path);
        }
    }
}
