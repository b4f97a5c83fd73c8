//! What lies in a folder of a disk, and two linked folders compared.

use crate::{Pod, wait};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Everything in a folder by its path there, files with their bytes, folders with nothing; what the pod keeps for itself
/// is left out.
#[must_use]
pub fn tree(top: &Path) -> BTreeMap<String, Option<Vec<u8>>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![top.to_owned()]);
    while let Some(folder) = waiting.pop() {
        // Whoever looks while others write may find that something has just gone.
        let Ok(items) = std::fs::read_dir(&folder) else { continue };
        for item in items.filter_map(Result::ok) {
            let path = item.path();
            let name = item.file_name().to_string_lossy().into_owned();
            let own = name == ".pod-folder" || name.ends_with(".pod-part") || name.ends_with(".pod-old");
            let Ok(inside) = path.strip_prefix(top) else { continue };
            let inside = inside.to_string_lossy().into_owned();
            match item.file_type() {
                Ok(kind) if kind.is_dir() => {
                    found.insert(inside, None);
                    waiting.push(path);
                }
                Ok(kind) if kind.is_file() && !own => drop(found.insert(inside, std::fs::read(&path).ok())),
                Ok(_) | Err(_) => {}
            }
        }
    }
    found
}

/// The paths of a folder.
#[must_use]
pub fn paths(top: &Path) -> Vec<String> {
    tree(top).into_keys().collect()
}

/// How a pod's linked folder stands.
pub async fn linked(pod: &Pod, folder: &Path) -> Option<serde_json::Value> {
    let said = pod.ask(&["folder", "status", &folder.display().to_string()]).await;
    said.lines.into_iter().next().filter(|_| said.code == 0)
}

/// Waits until all of these are in step, and have the same.
pub async fn in_step(within: Duration, pods: &[(&Pod, &Path)]) {
    let all = async || {
        for (pod, folder) in pods {
            if linked(pod, folder).await.is_none_or(|view| view["state"] != "in_step") {
                return None;
            }
        }
        let first = tree(pods[0].1);
        pods.iter().all(|(_, folder)| tree(folder) == first).then_some(())
    };
    if wait::deadline(within, all).await.is_none() {
        let mut told = String::new();
        for (pod, folder) in pods {
            let (paths, view) = (paths(folder), linked(pod, folder).await);
            told.push_str(&format!("{}: {paths:?}\n   {view:?}\n", pod.name()));
        }
        panic!("the folders did not come to be in step:\n{told}");
    }
}
