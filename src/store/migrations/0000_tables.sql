CREATE TABLE `children` (
	`nonce` text PRIMARY KEY NOT NULL,
	`profile` text NOT NULL,
	`port` integer NOT NULL,
	`pid` integer,
	`start_time` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`hint` text NOT NULL,
	`scopes` text NOT NULL,
	`models` text,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `keys_hash_unique` ON `keys` (`hash`);--> statement-breakpoint
CREATE TABLE `model_facts` (
	`path` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`facts` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`name` text PRIMARY KEY NOT NULL,
	`settings` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `requests` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at` integer NOT NULL,
	`endpoint` text NOT NULL,
	`profile` text,
	`model` text NOT NULL,
	`key_id` text,
	`stream` integer NOT NULL,
	`status` integer NOT NULL,
	`error` text,
	`finish_reason` text,
	`prompt_tokens` integer,
	`cached_tokens` integer,
	`completion_tokens` integer,
	`queue_ms` integer NOT NULL,
	`load_ms` integer NOT NULL,
	`prefill_ms` integer NOT NULL,
	`decode_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `requests_started_at` ON `requests` (`started_at`);--> statement-breakpoint
CREATE INDEX `requests_profile` ON `requests` (`profile`,`started_at`);