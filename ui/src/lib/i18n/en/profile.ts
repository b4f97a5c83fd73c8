// What people say of themselves, in English.

export const profile = {
  "profile.about_you": "About you",
  "profile.about_you_text": "For your contacts and for people you share a room with. Leave empty what you do not want to say.",
  "profile.title": "Title",
  "profile.organisation": "Organisation",
  "profile.phone": "Phone",
  "profile.mail": "Mail",
  "profile.address": "Address",
  "profile.about": "About",
  "profile.saved": "Your profile is saved.",
  "profile.edit": "Edit profile",
  "profile.facts": "Profile",
  "profile.write": "Write a mail to {who}",
};
