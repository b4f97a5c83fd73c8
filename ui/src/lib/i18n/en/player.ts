// Playing films and sounds from the folder, in English.

export const player = {
  "player.play_file": "Play {file}",
  "player.play": "Play",
  "player.pause": "Pause",
  "player.position": "Position",
  "player.at": "{at} of {length}",
  "player.mute": "Sound off",
  "player.unmute": "Sound on",
  "player.waits": "Waiting for more of it",
  "player.cannot": "This computer cannot play this kind of file.",
  "player.cannot_here": "Another program may be able to.",
  "player.cannot_away": "Download it to open it with another program.",
  "player.sound_only": "Only its sound can be played on this computer.",
  "player.download": "Download instead",
};
