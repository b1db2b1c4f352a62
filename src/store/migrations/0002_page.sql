CREATE TABLE `pins` (
	`profile` text PRIMARY KEY NOT NULL,
	`pinned` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `requests` ADD `waited_for` text;