SELECT
  "t7"."account_id",
  "t7"."leaf_0" AS "m0"
FROM (
  SELECT
    "t2"."account_id",
    "t2"."position",
    CASE
      WHEN DATE '2026-03-31' >= DATE '2025-04-01'
      THEN COALESCE(CAST("t6"."leaf_0" AS DOUBLE), 0.0)
      ELSE CAST(NULL AS DOUBLE)
    END AS "leaf_0"
  FROM "requested" AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t4"."account_id" AS "account_0",
      "t4"."leaf_0"
    FROM (
      SELECT
        "t3"."account_id",
        SUM("t3"."events") FILTER(WHERE
          "t3"."keep_0") AS "leaf_0"
      FROM (
        SELECT
          "t1"."account_id",
          "t1"."day",
          "t1"."feature",
          "t1"."events",
          "t1"."users",
          "t1"."value",
          "t1"."feature" IN ('it''s', 'MAKE_DATE(1000, 1, 1)') AS "keep_0"
        FROM "feature_days" AS "t1"
        WHERE
          "t1"."day" <= DATE '2026-03-31' AND "t1"."day" >= DATE '2026-03-25'
      ) AS "t3"
      GROUP BY
        1
    ) AS "t4"
  ) AS "t6"
    ON "t2"."account_id" = "t6"."account_0"
) AS "t7"
ORDER BY
  "t7"."position" ASC
