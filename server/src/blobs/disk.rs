//! Contents as files of one disk: `partial/NAME` while they arrive, `objects/XX/NAME` when they are whole.
//!
//! What is there as a whole is written under its last name at once: until it is synced, nothing knows the name.
//! A partial file's length is the upload's offset. Keeping one syncs the file, renames it and syncs the folder of its new
//! name, so that after a power cut it is partial or whole, never lost. Names are made by the server; one that could leave
//! the folder is refused all the same.

use super::{Blobs, Partial, PartialState, ReadAt, Syncing};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A folder that holds contents.
pub struct DiskBlobs {
    partial: PathBuf,
    objects: PathBuf,
}

impl DiskBlobs {
    /// Opens the folder; makes it if it is not there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        let blobs = Self { partial: folder.join("partial"), objects: folder.join("objects") };
        fs::create_dir_all(&blobs.partial)?;
        fs::create_dir_all(&blobs.objects)?;
        sync_folder(folder)?;
        Ok(blobs)
    }

    fn partial_path(&self, name: &str) -> io::Result<PathBuf> {
        checked(name).map(|name| self.partial.join(name))
    }

    /// The last two characters choose the folder: the first ones of a UUIDv7 are its time, and alike.
    fn object_path(&self, name: &str) -> io::Result<PathBuf> {
        let name = checked(name)?;
        Ok(self.objects.join(&name[name.len() - 2..]).join(name))
    }

    /// The folder of an object, made durable when it is not there.
    fn folder_of<'a>(&'a self, object: &'a Path) -> io::Result<&'a Path> {
        let folder = object.parent().unwrap_or(&self.objects);
        if !folder.exists() {
            fs::create_dir_all(folder)?;
            sync_folder(&self.objects)?;
        }
        Ok(folder)
    }
}

fn checked(name: &str) -> io::Result<&str> {
    let plain = name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain { Ok(name) } else { Err(io::Error::new(io::ErrorKind::InvalidInput, "not a name of a content")) }
}

/// Makes names in a folder durable. Where folders cannot be synced (Windows), the file system's journal does it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn missing_is_fine(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

impl Blobs for DiskBlobs {
    fn partial(&self, name: &str) -> io::Result<Box<dyn Partial>> {
        let path = self.partial_path(name)?;
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let length = file.metadata()?.len();
        Ok(Box::new(PartialFile { file, length }))
    }

    fn partial_state(&self, name: &str) -> io::Result<Option<PartialState>> {
        match fs::metadata(self.partial_path(name)?) {
            Ok(data) => Ok(Some(PartialState { length: data.len(), touched: data.modified()? })),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn store(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.object_path(name)?;
        let folder = self.folder_of(&path)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_folder(folder));
        written.inspect_err(|_| _ = fs::remove_file(&path))
    }

    fn keep(&self, name: &str) -> io::Result<()> {
        let (from, to) = (self.partial_path(name)?, self.object_path(name)?);
        let file = match File::open(&from) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound && to.exists() => return Ok(()),
            Err(error) => return Err(error),
        };
        file.sync_all()?;
        drop(file);
        let folder = self.folder_of(&to)?;
        fs::rename(&from, &to)?;
        // One sync is enough: a journal takes both names in one step, and elsewhere the old one may come back after a
        // power cut, which takes room and loses nothing.
        sync_folder(folder)
    }

    fn open(&self, object: &str) -> io::Result<Box<dyn ReadAt>> {
        Ok(Box::new(StoredFile(File::open(self.object_path(object)?)?)))
    }

    fn discard(&self, name: &str) -> io::Result<()> {
        missing_is_fine(fs::remove_file(self.partial_path(name)?))
    }

    fn remove(&self, object: &str) -> io::Result<()> {
        missing_is_fine(fs::remove_file(self.object_path(object)?))
    }

    fn partials(&self) -> io::Result<Vec<String>> {
        names_in(&self.partial)
    }

    fn objects(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for folder in fs::read_dir(&self.objects)? {
            let folder = folder?;
            if folder.file_type()?.is_dir() {
                names.append(&mut names_in(&folder.path())?);
            }
        }
        Ok(names)
    }
}

fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        names.extend(file?.file_name().into_string().ok());
    }
    Ok(names)
}

struct PartialFile {
    file: File,
    length: u64,
}

impl Partial for PartialFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = loop {
            match self.file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                other => break other?,
            }
        };
        self.length += written as u64;
        Ok(written)
    }

    fn cut_to(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.length = length;
        Ok(())
    }

    fn length(&self) -> u64 {
        self.length
    }

    fn syncing(&self) -> io::Result<Syncing> {
        let file = self.file.try_clone()?;
        Ok(Box::new(move || file.sync_data()))
    }
}

impl ReadAt for PartialFile {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        // Appending always goes to the end, wherever reading left the cursor.
        read_at(&mut self.file, offset, into)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.length)
    }
}

struct StoredFile(File);

impl ReadAt for StoredFile {
    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        read_at(&mut self.0, offset, into)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

fn read_at(file: &mut File, offset: u64, into: &mut [u8]) -> io::Result<usize> {
    file.seek(SeekFrom::Start(offset))?;
    loop {
        match file.read(into) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
