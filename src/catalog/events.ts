/** What the catalog announces. */

export type CatalogEvent =
  | { readonly type: 'catalog.refreshed'; readonly models: number; readonly incomplete: number; readonly ms: number }
  | { readonly type: 'catalog.trouble'; readonly message: string }
  /** So many models had changed on disk and their sizes are known anew. */
  | { readonly type: 'catalog.measured'; readonly models: number; readonly ms: number }
  | { readonly type: 'model.removed'; readonly id: string; readonly revision?: string; readonly freedBytes: number }
  | { readonly type: 'model.verified'; readonly id: string; readonly files: number; readonly broken: number }
  | { readonly type: 'profile.created'; readonly profile: string }
  /** `before`: the name it had; its server goes by that one. */
  | { readonly type: 'profile.changed'; readonly profile: string; readonly before: string }
  | { readonly type: 'profile.removed'; readonly profile: string }
