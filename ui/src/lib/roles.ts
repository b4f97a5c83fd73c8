// What a role may do: the same rules as `pod-shared`'s role.rs, so that no button is offered that would be refused.

import type { Role } from "./backend/bindings";

export const roles: Role[] = ["viewer", "editor", "manager", "owner"];

const rank = (role: Role | null): number => (role === null ? -1 : roles.indexOf(role));

export const writes = (role: Role): boolean => rank(role) >= rank("editor");
export const manages = (role: Role): boolean => rank(role) >= rank("manager");

/** Whether `mine` may turn `from` into `to`; `null` is "not a member". */
export function mayChange(mine: Role, from: Role | null, to: Role | null): boolean {
  if (mine === "owner") return true;
  return mine === "manager" && Math.max(rank(from), rank(to)) < rank("manager");
}

/** The roles that `mine` may give to somebody who has `from` now; empty: none but the present one. */
export function choices(mine: Role, from: Role | null): Role[] {
  return roles.filter((to) => to === from || mayChange(mine, from, to));
}
