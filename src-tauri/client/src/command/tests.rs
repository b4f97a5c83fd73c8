//! The TypeScript types of the user interface are made from the Rust ones; this fails when the checked-in file is stale.

use super::{Answer, Command};
use crate::event::Event;
use crate::view::ErrorView;
use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str =
    "// Made from the Rust types by `POD_UPDATE=1 cargo test -p pod-client bindings`; not to be edited.\n";

#[derive(Default)]
struct Collected {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
}

impl TypeVisitor for Collected {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.declarations
                .insert(T::ident(&self.config), format!("{docs}export {}\n", T::decl(&self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

#[test]
fn the_typescript_bindings_are_those_of_the_rust_types() {
    let mut collected = Collected::default();
    collected.visit::<Command>();
    collected.visit::<Answer>();
    collected.visit::<Event>();
    collected.visit::<ErrorView>();
    let made: String = std::iter::once(HEAD.to_owned())
        .chain(collected.declarations.values().map(|declaration| format!("\n{declaration}")))
        .collect();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/backend/bindings.ts");
    if std::env::var_os("POD_UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &made).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == made, "bindings.ts is stale: run with POD_UPDATE=1");
}
