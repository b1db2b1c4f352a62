/** What the catalog announces. */

export type CatalogEvent =
  | { readonly type: 'catalog.refreshed'; readonly models: number; readonly incomplete: number; readonly ms: number }
  | { readonly type: 'catalog.trouble'; readonly message: string }
  | { readonly type: 'profile.created'; readonly profile: string }
  /** `before`: the name it had; its server goes by that one. */
  | { readonly type: 'profile.changed'; readonly profile: string; readonly before: string }
  | { readonly type: 'profile.removed'; readonly profile: string }
