CREATE TABLE `downloads` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`repo` text NOT NULL,
	`revision` text NOT NULL,
	`commit` text NOT NULL,
	`files` text NOT NULL,
	`state` text NOT NULL,
	`paused_by` text,
	`reason` text,
	`bytes` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `model_sizes` (
	`path` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`sizes` text NOT NULL
);
